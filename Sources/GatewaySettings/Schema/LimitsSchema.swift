import SettingsSchema

/// The settings under `limits`.
enum LimitsSchema {
    static let body = Setting(
        "body", .size(kibibyte...gibibyte), default: 40 * mebibyte,
        "The longest body on memory routes, counted behind gzip.")
    static let reply = Setting(
        "reply", .size(kibibyte...gibibyte), default: 8 * mebibyte,
        "How much of a reply is recorded; longer ones are relayed whole.")
    static let headers = Setting(
        "headers", .size(kibibyte...mebibyte), default: 64 * kibibyte, "The longest head of a request.")
    static let depth = Setting(
        "depth", .integer(4...1000), default: 128, "How deep the JSON of a body may nest.")
    static let messages = Setting(
        "messages", .integer(1...1_000_000), default: 10_000, "The most messages in a request.")
    static let connections = Setting(
        "connections", .integer(1...1_000_000), default: 10_000,
        "The most connections from clients at a time.")
    static let eventLine = Setting(
        "eventLine", .size(kibibyte...64 * mebibyte), default: mebibyte,
        "The longest line of an event stream that is recorded; longer ones are relayed.")
    static let sessionsCached = Setting(
        "sessionsCached", .integer(1...10_000_000), default: 10_000, "How many sessions are kept in memory.")
    static let headTimeout = Setting(
        "headTimeout", .duration(time), default: .seconds(30), "How long a client may take to send a head.")
    static let bodyTimeout = Setting(
        "bodyTimeout", .duration(time), default: .seconds(60), "How long a client may send nothing of a body."
    )
    static let keepAlive = Setting(
        "keepAlive", .duration(time), default: .seconds(75),
        "How long a connection may be idle between requests.")
    static let writeStall = Setting(
        "writeStall", .duration(time), default: .seconds(300),
        "How long a client may take nothing of a reply.")

    static let group = SettingGroup(
        "What the proxy listener accepts.",
        [
            body.declaration, reply.declaration, headers.declaration, depth.declaration, messages.declaration,
            connections.declaration, eventLine.declaration, sessionsCached.declaration,
            headTimeout.declaration,
            bodyTimeout.declaration, keepAlive.declaration, writeStall.declaration,
        ])

    private static let kibibyte = 1 << 10
    private static let mebibyte = 1 << 20
    private static let gibibyte = 1 << 30
    private static let time = Duration.milliseconds(1) ... .seconds(24 * 3600)
}
