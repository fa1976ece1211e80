package import ChatWire
package import NIOCore

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
    /// How long it waits at most.
    package var recordDeadline = TimeAmount.milliseconds(250)
    /// How long a plain reply is awaited after its client has left.
    package var drainTimeout = TimeAmount.seconds(30)
    /// The user of requests that name none.
    package var defaultUser = "default"
    /// Checks identities that Open WebUI signs; nil where it signs none for us.
    package var openWebUI: SignedIdentity?
    /// Sessions whose pages count as warm.
    package var sessionsCached = 10_000

    /// The contract's defaults.
    package init() {}
}
