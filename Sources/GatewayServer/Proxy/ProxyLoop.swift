internal import ChatWire
package import ExchangePipeline
internal import Logging
package import LoopTiming
package import NIOCore
package import UpstreamClient

/// What the connections of one event loop share. On its loop only.
package final class ProxyLoop {
    let eventLoop: any EventLoop
    let clock: any LoopClock
    let transport: any UpstreamTransport
    let exchanges: ExchangeServices
    let shared: ProxyShared
    /// What new requests begin with; a reload replaces it.
    package var settings: ProxySettings {
        didSet { admittedHost = nil }
    }
    /// The last `Host` that was admitted: nearly every request names the same one.
    private var admittedHost: String?
    private var connections: [ObjectIdentifier: ClientConnection] = [:]

    /// A loop's share; to be made on the loop.
    package init(
        eventLoop: any EventLoop, clock: any LoopClock, transport: any UpstreamTransport,
        exchanges: ExchangeServices, shared: ProxyShared, settings: ProxySettings
    ) {
        self.eventLoop = eventLoop
        self.clock = clock
        self.transport = transport
        self.exchanges = exchanges
        self.shared = shared
        self.settings = settings
    }

    var limits: ConnectionLimits { settings.limits }
    var rules: BrowserRules { settings.rules }
    var logger: Logger { shared.logger }

    /// - Returns: whether the connection may stay.
    func connectionOpened(_ connection: ClientConnection) -> Bool {
        connections[ObjectIdentifier(connection)] = connection
        return shared.connectionOpened() <= limits.connections
    }

    func connectionClosed(_ connection: ClientConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        shared.connectionClosed()
    }

    /// - Throws: 421, see `BrowserRules`.
    func checkHost(_ headers: HeaderFields) throws(GatewayError) {
        let given = headers.all("Host")
        if given.count == 1, given[0] == admittedHost { return }
        try rules.checkHost(given)
        admittedHost = given.first
    }

    /// Who works on a request.
    func occupant(
        for request: RequestHead, from caller: Caller, on connection: ClientConnection
    ) throws(GatewayError) -> any RequestOccupant {
        switch RouteTable.route(method: request.method, request.target) {
        case .own(let path):
            throw GatewayError(404, "not_found", "There is no '/v1\(path)' in this version.")
        case .chatCompletions(let path):
            return try MemoryExchange(
                request, to: path, from: caller, client: connection)
        case .transparent(let path):
            try settings.checkPath(request)
            if !caller.mayAssertUser || !caller.mayChoosePolicy {
                _ = try MemoryDirections(
                    request.names, request.headers, from: caller,
                    policies: settings.pipeline.settings.policyNames)
            }
            return TransparentExchange(request, to: path, from: caller, client: connection)
        }
    }

    /// The fields of a request as they go up, before those of an upstream's settings.
    func forwardedFields(_ request: RequestHead) -> HeaderFields {
        var headers = HopFields.forwardable(request.headers)
        let path = request.headers.all(HopFields.memoryHop) + [shared.hopName]
        headers.append(HopFields.memoryHop, path.joined(separator: ", "))
        return headers
    }

    /// Closes what is idle, tells the rest to end after its reply.
    package func drain() {
        for connection in connections.values {
            connection.keepsAlive = false
            if connection.intake == .awaitingHead, connection.reply != .headSent {
                connection.closeWhenWritten()
            }
        }
    }

    /// Closes every connection.
    package func closeAll() {
        for connection in connections.values { connection.close() }
    }
}
