extension Configuration {
    /// A place where a model server may be that nobody named.
    public struct LocalCandidate: Hashable, Sendable {
        /// Whose usual place it is.
        public let server: LocalServer
        /// Its base URL.
        public let address: WebAddress

        /// A place by its members.
        public init(_ server: LocalServer, at address: WebAddress) {
            self.server = server
            self.address = address
        }
    }

    /// The same with a model server that was found at a candidate, in the place of what holds where none is.
    ///
    /// Nobody named that server, so no credential of the settings goes there.
    public func served(by found: LocalCandidate) -> Configuration {
        precondition(!localCandidates.isEmpty, "an upstream is named")
        var notes = provenance.notes
        if mainUpstream.key != nil {
            notes.append(
                "OPENAI_API_KEY is not sent to a server that was only found; with "
                    + "OPENAI_BASE_URL=\(WebAddress.openAI) the upstream is OpenAI.")
        }
        return Configuration(
            gateway: gateway, limits: limits, store: store,
            upstreams: [mainUpstream.moved(to: found.address)],
            localCandidates: [], models: models,
            keys: keys.map(\.withoutUpstreamKey),
            policies: policies,
            provenance: Provenance(
                file: provenance.file, upstream: .localServer(found.server), notes: notes))
    }
}
