package import NIOCore

/// The bounds of a client's connection (contract, section 11).
package struct ConnectionLimits: Sendable {
    /// Bytes of a request's head.
    package var headerBytes = 64 * 1024
    /// Open connections; further ones get 503.
    package var connections = 10_000
    /// From a head's first byte to its last.
    package var headTimeout = TimeAmount.seconds(30)
    /// Between two bytes of a body.
    package var bodyTimeout = TimeAmount.seconds(60)
    /// Between two requests.
    package var keepAlive = TimeAmount.seconds(75)
    /// Without a byte taken by the client.
    package var writeStall = TimeAmount.seconds(300)

    /// The contract's defaults.
    package init() {}
}
