import SettingsSchema

/// Which upstream serves, and why: flag, variable, file, then what the environment says for OpenAI clients,
/// at last the built-in model.
///
/// A model server that answers on this machine stands between `OPENAI_BASE_URL` and `OPENAI_API_KEY`. Looking
/// for one needs the network: a choice that gets so far names the places, and what holds if none answers.
struct UpstreamChoice {
    let outside: OutsideValues
    /// The file's upstreams; nil where they are faulty.
    let configured: [Configuration.UpstreamSettings]?
    let listeners: OwnListeners
    let decoding: SettingsDecoding

    /// What was chosen.
    struct Choice {
        let upstreams: [Configuration.UpstreamSettings]
        let origin: Configuration.UpstreamOrigin
        var notes: [String] = []
        var localCandidates: [[Configuration.LocalCandidate]] = []
        /// Whether the file names it, so that credentials of the file may go there.
        var isOfFile = true
    }

    /// The choice; nil where what would be chosen is faulty, which is reported.
    func choose() -> Choice? {
        let named = outside.values(of: .upstream)
        if let last = named.last {
            let targets = named.map { decoding.value(of: $0.value, as: .upstreamTarget, at: $0.source) }
            guard let target = targets.last ?? nil else { return nil }
            return chosen(target, by: last.source)
        }
        guard let configured else { return nil }
        for (index, upstream) in configured.enumerated() {
            let path = SettingPath("upstreams").element(index).member("url")
            reportIfOwn(upstream.target, at: path)
            reportDemoAmongOthers(upstream, of: configured.count, at: path)
        }
        if !configured.isEmpty { return Choice(upstreams: configured, origin: .file) }
        return fromOpenAIVariables()
    }

    /// What a flag or variable names: it takes the place of the file's upstream with all that belongs to that
    /// one, so that no key goes to a server it was not meant for.
    private func chosen(_ target: UpstreamTarget, by source: SettingPath) -> Choice {
        reportIfOwn(target, at: source)
        let origin: Configuration.UpstreamOrigin =
            source.description == CommandFlag.upstream.flag ? .flag : .variable
        if let same = configured?.first(where: { $0.target == target }) {
            return Choice(upstreams: [same], origin: origin)
        }
        var choice = Choice(upstreams: [.init(target, decoding)], origin: origin, isOfFile: false)
        if let replaced = configured, !replaced.isEmpty {
            let names = replaced.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let one = replaced.count == 1
            choice.notes.append(
                "\(source) replaces the upstream\(one ? "" : "s") \(names) of the settings file, "
                    + "\(one ? "its key" : "their keys") included.")
        }
        return choice
    }

    private func fromOpenAIVariables() -> Choice? {
        var notes: [String] = []
        let key = openAIKey()
        if let text = outside.variable("OPENAI_BASE_URL") {
            let path = SettingPath("OPENAI_BASE_URL")
            guard let address = decoding.value(of: .string(text), as: .webAddress, at: path) else {
                return nil
            }
            let target = UpstreamTarget.server(address)
            if !listeners.serve(target) {
                return Choice(upstreams: [.init(target, key: key, decoding)], origin: .openAIBaseURL)
            }
            notes.append("OPENAI_BASE_URL is skipped as an upstream, since it is this gateway's own address.")
        }
        let target: UpstreamTarget = key == nil ? .demo : .server(.openAI)
        return Choice(
            upstreams: [.init(target, key: key, decoding)],
            origin: key == nil ? .nothingNamed : .openAIKey, notes: notes, localCandidates: localCandidates)
    }

    /// Where people run model servers: on this machine, or on the one that this container runs on.
    private var localCandidates: [[Configuration.LocalCandidate]] {
        ["127.0.0.1", "host.docker.internal"].map { host in
            LocalServer.allCases.filter { !listeners.use(port: $0.port) }.map { server in
                Configuration.LocalCandidate(server, at: .known("http://\(host):\(server.port)/v1"))
            }
        }
    }

    /// The key of OpenAI clients, if there is one.
    private func openAIKey() -> Secret? {
        let name = "OPENAI_API_KEY"
        guard let text = outside.variable(name) else { return nil }
        do {
            return try Secret(validating: text, source: .variable(name))
        } catch {
            decoding.report(
                SettingFault(
                    SettingPath(name), found: "a value \(error.found ?? "that is no key")",
                    allowed: "a key on one line", mend: "Set it to the key alone, or unset it."))
            return nil
        }
    }

    /// The built-in model has no address that a transfer could go to.
    private func reportDemoAmongOthers(
        _ upstream: Configuration.UpstreamSettings, of count: Int, at path: SettingPath
    ) {
        guard upstream.target == .demo, count > 1 else { return }
        decoding.report(
            SettingFault(
                path, found: "the demo model beside other upstreams", allowed: "a model server's address",
                mend: "Remove it, or let it be the only upstream."))
    }

    private func reportIfOwn(_ target: UpstreamTarget, at path: SettingPath) {
        guard listeners.serve(target) else { return }
        decoding.report(
            SettingFault(
                path, found: "\"\(target)\", which is one of our own listeners",
                allowed: "a model server's address",
                mend: "Name the server behind the gateway, or let the gateway listen elsewhere."))
    }
}
