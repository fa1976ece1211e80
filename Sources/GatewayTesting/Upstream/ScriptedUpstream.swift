internal import NIOCore
internal import NIOPosix

/// A model server over raw sockets that does what a test's script says and keeps the exact bytes it was sent.
package final class ScriptedUpstream: Sendable {
    /// What the server does.
    package enum Script: Sendable {
        /// Is asked for each whole request; the number counts requests of all connections, from 0.
        case requests(@Sendable (WireMessage, Int, WireConnection) async throws -> Void)
        /// Is given each connection as soon as it stands; the number counts connections, from 0.
        case connections(@Sendable (WireConnection, Int) async throws -> Void)
    }

    /// What has happened so far.
    package struct State: Sendable {
        /// Connections in the order in which they were accepted.
        package var connections: [WireConnection] = []
        /// Whole requests in the order in which they arrived.
        package var requests: [WireMessage] = []
    }

    /// What has happened so far; may be awaited.
    package let state: Watched<State>
    private let channel: any Channel

    private init(_ channel: any Channel, _ state: Watched<State>) {
        self.channel = channel
        self.state = state
    }

    /// Listens on any free port of this machine.
    ///
    /// - Parameter sendBuffer: bytes that the system may take from the server before its peer reads; nil for
    ///   its default.
    static func bind(sendBuffer: Int?) async throws -> ScriptedUpstream {
        let state = Watched(State())
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try WireConnection.adopt(channel, .requests)
                    state.update { $0.connections.append(connection) }
                }
            }
        if let sendBuffer {
            bootstrap = bootstrap.childChannelOption(.socketOption(.so_sndbuf), value: sendBuffer)
        }
        return ScriptedUpstream(try await bootstrap.bind(host: "127.0.0.1", port: 0).get(), state)
    }

    /// The port.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// How many connections were accepted.
    package var accepted: Int { state.look { $0.connections.count } }

    /// The whole requests so far.
    package var requests: [WireMessage] { state.look { $0.requests } }

    /// Waits for the request with that number, from 0.
    package func request(_ number: Int) async throws -> WireMessage {
        try await state.value { state in state.requests.count > number ? state.requests[number] : nil }
    }

    /// Waits for the connection with that number, from 0.
    package func connection(_ number: Int) async throws -> WireConnection {
        try await state.value { state in state.connections.count > number ? state.connections[number] : nil }
    }

    /// Runs the script until the task is cancelled.
    func serve(_ script: Script) async {
        await withDiscardingTaskGroup { group in
            var number = 0
            while let connection = try? await connection(number) {
                let index = number
                group.addTask {
                    switch script {
                    case .connections(let body): try? await body(connection, index)
                    case .requests(let body): try? await self.answer(connection, body)
                    }
                    await connection.close()
                }
                number += 1
            }
        }
    }

    private func answer(
        _ connection: WireConnection,
        _ body: @Sendable (WireMessage, Int, WireConnection) async throws -> Void
    ) async throws {
        while true {
            let request = try await connection.next()
            let number = state.update { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            try await body(request, number, connection)
        }
    }

    /// Stops listening and closes every connection.
    func close() async {
        try? await channel.close()
        for connection in state.look({ $0.connections }) { await connection.close() }
    }
}

/// Runs a scripted model server for as long as the body runs.
package func withUpstream<Result>(
    _ script: ScriptedUpstream.Script, sendBuffer: Int? = nil,
    _ body: (ScriptedUpstream) async throws -> Result
) async throws -> Result {
    let upstream = try await ScriptedUpstream.bind(sendBuffer: sendBuffer)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await upstream.serve(script) }
        do {
            let result = try await body(upstream)
            group.cancelAll()
            await upstream.close()
            return result
        } catch {
            group.cancelAll()
            await upstream.close()
            throw error
        }
    }
}
