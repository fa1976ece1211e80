internal import Digests
public import PluginInterface
public import SettingsSchema

extension Configuration {
    /// The configuration that flags, environment, overlay and file make, in that order before the defaults.
    ///
    /// Where none of them names an upstream, a model server that runs on this machine goes before the key of
    /// OpenAI clients and the built-in model. Looking for one needs the network and is left to the caller:
    /// see `localCandidates` and `served(by:)`.
    ///
    /// - Parameters:
    ///   - plugins: those that a chain may use.
    ///   - ownNames: addresses and names of this machine besides the loopback ones, by which an upstream
    ///     could turn out to be the gateway itself.
    /// - Throws: every fault there is, not only the first.
    public static func load(
        plugins: PluginCatalogue, flags: SettingsFlags = SettingsFlags(), surroundings: any Surroundings,
        ownNames: [String] = []
    ) throws(ConfigurationFaults) -> Configuration {
        let outside = OutsideValues(flags: flags, surroundings: surroundings)
        let decoding = SettingsDecoding(
            surroundings: surroundings, schema: RootSchema.group(plugins), overrides: outside.overrides)
        let file = SettingsFile(named: outside.values(of: .config), decoding)
        let content = Overlay(outside: outside, decoding: decoding).lay(over: file.content)
        let isFileRead = decoding.faults.isEmpty
        let root = SettingsReader(content, at: .root, decoding.schema, decoding)
        let gateway = Gateway(root.group("gateway"))
        let limits = Limits(root.group("limits"))
        let store = StoreSettings(root.group("store"))
        // What a file that cannot be read would have named is not known, so nothing else is taken in its
        // place.
        let upstreams = isFileRead ? readUpstreams(root) : nil
        let policies = PolicyReading(root: root, plugins: plugins).policies()
        let keys = readKeys(root, policies)
        let listeners = OwnListeners(
            listeners: [gateway.listen, gateway.admin], ownNames: ownNames.compactMap(HostName.init))
        let choice = UpstreamChoice(
            outside: outside, configured: upstreams, listeners: listeners, decoding: decoding
        ).choose()
        let models = Models(root.group("models"), upstreams: choice?.upstreams.map(\.name))
        if isFileRead {
            ListenerRules(gateway: gateway, hasKeys: root.holdsElements("keys"), decoding: decoding).check()
        }
        guard decoding.faults.isEmpty, let choice else { throw ConfigurationFaults(decoding.faults) }
        return Configuration(
            gateway: gateway, limits: limits, store: store, upstreams: choice.upstreams,
            localCandidates: choice.localCandidates, models: models,
            keys: choice.isOfFile ? keys : keys.map(\.withoutUpstreamKey),
            policies: policies,
            provenance: Provenance(
                file: file.path, upstream: choice.origin,
                notes: choice.notes + choice.upstreams.flatMap(notes)
                    + hidden(choice.upstreams)))
    }

    /// What the person who starts the gateway should know, whatever they chose.
    private static func notes(on upstream: UpstreamSettings) -> [String] {
        var notes: [String] = []
        if case .server(let address) = upstream.target, address.basePath.isEmpty {
            notes.append("The upstream's URL \(address) has no path; most servers want /v1 behind it.")
        }
        if case .server(let address) = upstream.target, !address.host.isLocal, upstream.key == nil {
            notes.append(
                "The upstream \"\(upstream.name)\" has no key of its own: if it wants one, summaries of its "
                    + "sessions are picked sentences: clients' keys are never used for calls of our own."
            )
        }
        return notes
    }

    /// Upstreams that no request reaches, since one before them serves every model.
    private static func hidden(_ upstreams: [UpstreamSettings]) -> [String] {
        guard let all = upstreams.firstIndex(where: { $0.models.contains("*") }) else { return [] }
        return upstreams[(all + 1)...].map { upstream in
            "No request reaches the upstream \"\(upstream.name)\": \"\(upstreams[all].name)\" before it "
                + "serves every model. Give that one models of its own, or put it last."
        }
    }

    /// The file's upstreams; nil where one is faulty.
    private static func readUpstreams(_ root: SettingsReader) -> [UpstreamSettings]? {
        let readers = root.groups("upstreams")
        let upstreams = readers.map { UpstreamSettings($0) }
        reportTwice("name", zip(readers, upstreams.map { $0?.name }), root.decoding)
        // What is passed on goes to the first.
        for reader in readers.dropFirst() where reader.holds("paths") {
            root.decoding.report(.notInThisVersion(at: reader.path.member("paths")))
        }
        return root.decoding.isFaulty(SettingPath("upstreams")) ? nil : upstreams.compactMap(\.self)
    }

    /// The file's keys.
    private static func readKeys(_ root: SettingsReader, _ policies: [String: Policy]) -> [Key] {
        let readers = root.groups("keys")
        let keys = readers.map { Key($0) }
        reportTwice("name", zip(readers, keys.map { $0?.name }), root.decoding)
        reportTwice("sha256", zip(readers, keys.map { $0?.digest.hex }), root.decoding)
        for (reader, key) in zip(readers, keys) {
            guard let key, policies[key.policy] == nil else { continue }
            root.decoding.report(
                SettingFault(
                    reader.path.member("policy"), found: key.policy.quotedOnOneLine,
                    allowed: "one of: \(policies.keys.sorted().joined(separator: ", "))",
                    mend: "Name a policy that there is."))
        }
        return keys.compactMap(\.self)
    }

    /// Reports what several objects of a list have in common and may not.
    private static func reportTwice(
        _ member: String, _ objects: Zip2Sequence<[SettingsReader], [String?]>, _ decoding: SettingsDecoding
    ) {
        var seen: Set<String> = []
        for (reader, value) in objects {
            guard let value, !seen.insert(value).inserted else { continue }
            decoding.report(
                SettingFault(
                    reader.path.member(member),
                    found: member == "sha256"
                        ? "the same key a second time" : "\(value.quotedOnOneLine) a second time",
                    allowed: "each \(member) once", mend: "Choose another \(member)."))
        }
    }
}
