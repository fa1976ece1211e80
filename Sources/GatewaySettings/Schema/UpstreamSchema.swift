import SettingsSchema

/// The settings of an upstream.
enum UpstreamSchema {
    static let name = Setting("name", .plainName, default: "main", "What the upstream is called.")
    static let url = Setting<UpstreamTarget?>.required(
        "url", .upstreamTarget, "Its base URL, usually ending in `/v1`, or `demo` for the built-in model.")
    static let key = Setting<Secret?>.optional(
        "key", .secret, "The credential that goes up instead of the client's own.")
    static let keyHeader = Setting(
        "keyHeader", .fieldName, default: "Authorization",
        "The header field that carries the key: in `Authorization` as a bearer token, in others alone.")
    static let headers = Setting(
        "headers", .map(of: .textOrSecret, atMost: 50, key: HeaderRules.key), default: [],
        "Header fields that are added to every request.")
    static let models = Setting(
        "models", .list(of: .modelPattern, atMost: 100), default: ["*"],
        "The models that this upstream serves; the first upstream that serves a model gets its requests.")
    static let contextTokens = Setting(
        "contextTokens",
        .map(
            of: .integer(256...100_000_000), atMost: 100,
            key: { pattern throws(SettingRefusal) in
                guard !pattern.isEmpty else { throw SettingRefusal(mend: "Write \"*\" for every model.") }
                return pattern
            }),
        default: [],
        "How many tokens a model takes, by patterns of model names; the first that fits counts.")
    static let paths = Setting(
        "paths", .list(of: .pathRule, atMost: 200), default: defaultPaths,
        "The paths that an open gateway passes on: names below `/v1`, paths, or `METHOD path`.")
    static let proxy = Setting<Secret?>.optional(
        "proxy", .proxy, "The HTTP proxy on the way to the upstream.")
    static let ca = Setting<String?>.optional(
        "ca", .existingFile,
        "A PEM file of certificate authorities to trust instead of the system's.")
    static let http2 = Setting(
        "http2", .boolean.only(false), default: false, "Whether to speak HTTP/2 with the upstream.")
    static let connectTimeout = Setting(
        "connectTimeout", .duration(time), default: .seconds(10), "How long connecting may take.")
    static let firstByteTimeout = Setting(
        "firstByteTimeout", .duration(time), default: .seconds(600), "How long the head of a reply may take.")
    static let idleTimeout = Setting(
        "idleTimeout", .duration(time), default: .seconds(300), "How long a reply may pause.")
    static let totalTimeout = Setting(
        "totalTimeout", .duration(time), default: .seconds(3600), "How long a whole exchange may take.")
    static let retries = Setting(
        "retries", .integer(0...10), default: 1,
        "How often a request of which nothing was sent is tried again.")

    static let group = SettingGroup(
        "Model servers.",
        [
            name.declaration, url.declaration, key.declaration, keyHeader.declaration, headers.declaration,
            models.declaration, contextTokens.declaration, paths.declaration, proxy.declaration,
            ca.declaration, http2.declaration,
            connectTimeout.declaration, firstByteTimeout.declaration, idleTimeout.declaration,
            totalTimeout.declaration, retries.declaration,
        ])

    private static let time = Duration.milliseconds(1) ... .seconds(168 * 3600)

    /// What a shared credential may reach: nothing that holds what one of its users has stored.
    private static let defaultPaths: [PathRule] = [
        "models", "chat", "completions", "embeddings", "rerank", "moderations", "audio", "images",
        "POST responses", "/api/chat", "/api/generate", "/api/tags", "/api/show", "/api/ps", "/api/version",
        "/api/embed",
    ].map { text in
        do {
            return try PathRule(text)
        } catch {
            preconditionFailure("a valid rule: \(text)")
        }
    }
}
