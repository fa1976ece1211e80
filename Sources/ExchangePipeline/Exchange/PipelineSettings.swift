package import ChatWire
internal import Digests
package import MemoryCore

/// What the pipeline needs of the settings, once checked.
package struct PipelineSettings: Sendable {
    /// Bounds of request bodies.
    package var requestLimits = RequestLimits()
    /// Bytes of a reply that are kept.
    package var replyBytes = 8 * 1024 * 1024
    /// Bytes of one line of a stream that are read.
    package var eventLineBytes = 1024 * 1024
    /// Whether the end of a reply waits for its commit.
    package var isAcknowledged = true
    /// The policies by name; `default` is always there.
    package let policies: [String: ExchangePolicy]
    /// Their names, in order.
    package let policyNames: [String]
    /// The language of our own words in requests.
    package var language = Language.en
    /// Days and hours as people count them.
    package var localTime = LocalTime.utc
    /// Makes the marks of our blocks.
    package var markSecret: [UInt8] = []
    /// The user of requests that name none.
    package var defaultUser = SessionOwner.nobody
    /// Checks identities that Open WebUI signs; nil where it signs none for us.
    package var openWebUI: SignedIdentity?

    /// A policy by its name.
    func policy(_ name: String) -> ExchangePolicy {
        guard let policy = policies[name] else { preconditionFailure("a policy that was not checked") }
        return policy
    }

    /// The fence around what is said of an owner.
    func fence(for owner: SessionOwner) -> MemoryFence {
        let name = [owner.tenant, owner.kind == .chat ? "chat" : "user", owner.name]
        // The parts' lengths stand in front, so that no two owners run together.
        let message = name.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
        let code = Digest(hmac: message, key: markSecret)
        return MemoryFence(mark: String(code.hex.prefix(8)), language: language)
    }

    /// The contract's defaults.
    ///
    /// - Parameter policies: by their names, `default` among them.
    package init(_ policies: [ExchangePolicy]) {
        self.policies = Dictionary(policies.map { ($0.name, $0) }) { first, _ in first }
        policyNames = self.policies.keys.sorted()
    }
}
