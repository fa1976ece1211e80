package import GatewaySettings
package import MemoryCore
package import NIOCore

/// What a policy means to an exchange.
package struct ExchangePolicy: Sendable {
    /// Its name.
    package var name: String
    /// What a session is.
    package var scope = SessionScope.conversation
    /// After how long without activity the session of a user or a room ends, in microseconds.
    package var idleMicroseconds: Int64 = 1_800_000_000
    /// Whether its sessions are given titles.
    package var makesTitles = true
    /// The most messages that are kept of a session; nil for all.
    package var mostMessages: Int?
    /// What clients send of a conversation.
    package var history = SessionHistory.auto
    /// The most tokens that are added, below what the model's window leaves.
    package var maxTokens: Int?
    /// Where the standing block goes.
    package var placement = Placement.merge
    /// After how long a silence a step costs nothing, in microseconds.
    package var coldMicroseconds: Int64 = 300_000_000
    /// How long the end of a reply waits for its commit at most.
    package var recordDeadline = TimeAmount.milliseconds(250)
    /// How long a plain reply is awaited after its client has left.
    package var drainTimeout = TimeAmount.seconds(30)
    /// Its plugins.
    package var chain = PluginChain([])

    /// A policy with the contract's defaults and no plugins.
    package init(_ name: String) {
        self.name = name
    }
}
