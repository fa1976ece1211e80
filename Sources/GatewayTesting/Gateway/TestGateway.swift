package import GatewayAssembly
internal import GatewaySettings
internal import LMDBMemoryStore
package import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import NIOPosix

/// A real gateway in this process, with everything a test asks it.
package struct TestGateway: Sendable {
    /// The gateway.
    package let gateway: Gateway
    /// Its store.
    package let storage: GatedStorage
    /// Its log.
    package let log: CapturedLog
    /// The time of its event loops: it stands still until the test moves it on.
    package let time: ManualTime
    /// The wall clock, which stands still too.
    package let wall: WallTime
    /// What a reload reads that the admin side is asked for.
    package let recipe: Watched<GatewayRecipe>
    /// Its folder, which lives as long.
    let folder: TemporaryFolder

    /// Its folder's path.
    package var path: String { folder.path }

    /// A new connection to it.
    package func connect(receiveBuffer: Int? = nil) async throws -> WireConnection {
        try await WireConnection.connect(to: gateway.port, receiveBuffer: receiveBuffer)
    }

    /// Sends one request on a connection of its own.
    ///
    /// - Returns: the whole reply.
    package func send(_ request: String, isHead: Bool = false) async throws -> WireMessage {
        let client = try await connect()
        if isHead { client.expectHead(true) }
        try await client.send(request)
        let reply = try await client.next()
        await client.close()
        return reply
    }

    /// Sends one request of that method.
    package func send(
        _ method: String, _ target: String, fields: String = "", body: String? = nil
    ) async throws -> WireMessage {
        try await send(Self.request(method, target, fields: fields, body: body), isHead: method == "HEAD")
    }

    /// What a call of the admin side shows.
    package enum AdminCredential: Sendable {
        /// The token.
        case token
        /// Another text in its place.
        case other(String)
        /// Nothing.
        case nothing
    }

    /// Sends one request to the admin side.
    package func admin(
        _ method: String, _ target: String, fields: String = "", showing credential: AdminCredential = .token,
        body: String? = nil
    ) async throws -> WireMessage {
        let client = try await WireConnection.connect(to: gateway.adminPort)
        let credential =
            switch credential {
            case .token: "Authorization: Bearer \(gateway.adminToken.text)\r\n"
            case .other(let text): "Authorization: Bearer \(text)\r\n"
            case .nothing: ""
            }
        if method == "HEAD" { client.expectHead(true) }
        try await client.send(Self.request(method, target, fields: credential + fields, body: body))
        let reply = try await client.next()
        await client.close()
        return reply
    }

    /// Waits until the gateway has heard of every client that left: the system tells it a little later.
    ///
    /// - Parameter staying: how many have not.
    package func knowsWhoLeft(butFor staying: Int = 0) async throws {
        try await eventually { gateway.openConnections == staying }
    }

    /// Tries until something holds; the test's time limit ends the waiting.
    package func eventually(_ condition: () async throws -> Bool) async throws {
        while !(try await condition()) { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Lets time pass, for its clocks and timers alike.
    package func pass(_ seconds: Double) async throws {
        wall.advance(by: .milliseconds(Int64(seconds * 1000)))
        try await time.advance(by: .milliseconds(Int64(seconds * 1000)))
    }

    /// Waits until something holds that background work brings about, letting a second pass now and then;
    /// two minutes pass soon, further ones slowly, so that on a busy machine no limit of the gateway's does.
    package func works(until condition: () async throws -> Bool) async throws {
        var seconds = 0
        while !(try await condition()) {
            try await pass(1)
            seconds += 1
            try await Task.sleep(for: .milliseconds(seconds < 120 ? 5 : 250))
        }
    }

    /// What is known of a session.
    package func details(_ session: String, user: String = "default") throws -> SessionDetails? {
        try storage.details(of: SessionKey(tenant: "local", user: user, name: session))
    }

    /// Asks for a chat completion.
    package func chat(
        _ body: String, path: String = "/v1/chat/completions", fields: String = ""
    ) async throws -> WireMessage {
        try await send("POST", path, fields: fields, body: body)
    }

    /// The bytes of a request.
    package static func request(
        _ method: String, _ target: String, fields: String = "", body: String? = nil
    ) -> String {
        let framing =
            body.map { "Content-Type: application/json\r\nContent-Length: \($0.utf8.count)\r\n" } ?? ""
        return "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(fields)\(framing)\r\n\(body ?? "")"
    }

    /// What the store holds of a session.
    package func messages(_ session: String, user: String = "default") throws -> [StoredMessage] {
        try storage.messages(of: SessionKey(tenant: "local", user: user, name: session))
    }

    /// What the store holds of a session, a line each: round, role, status, body.
    package func transcript(_ session: String, user: String = "default") throws -> [String] {
        try messages(session, user: user).map { stored in
            let round = stored.round.map(String.init) ?? "-"
            return "\(round) \(stored.message.status) \(String(buffer: stored.message.body))"
        }
    }
}

/// Runs a gateway in front of an upstream for as long as the body runs.
///
/// - Parameter folder: where an earlier gateway's store lies; nil for a new one.
package func withGateway<Result>(
    _ recipe: GatewayRecipe = GatewayRecipe(), upstreamPort: Int, folder: TemporaryFolder? = nil,
    _ body: (TestGateway) async throws -> Result
) async throws -> Result {
    try await GatewaySlots.with {
        try await withOneGateway(recipe, upstreamPort: upstreamPort, folder: folder, body)
    }
}

private func withOneGateway<Result>(
    _ recipe: GatewayRecipe, upstreamPort: Int, folder: TemporaryFolder?,
    _ body: (TestGateway) async throws -> Result
) async throws -> Result {
    let folder = try folder ?? TemporaryFolder()
    let base: any MemoryStorage =
        switch recipe.engine {
        case .memory: InMemoryStorage()
        case .lmdb: try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: 1 << 30))
        }
    let storage = GatedStorage(base)
    let log = CapturedLog()
    var parts = Gateway.Parts(logger: log.logger)
    parts.storage = storage
    parts.loops = recipe.loops
    parts.isOffline = !recipe.works && recipe.models.isEmpty
    // Hundreds of gateways at a time: each has few descriptors.
    parts.adminLoops = MultiThreadedEventLoopGroup.singleton
    let time = ManualTime()
    parts.clock = { time.clock(of: $0) }
    let wall = recipe.wall ?? WallTime()
    parts.now = { wall.now }
    // Two hours ahead: days are not those of UTC.
    parts.localTime = { _ in LocalTime { _ in 7200 } }
    let configuration = try recipe.configuration(upstreamPort: upstreamPort, folder: folder.path)
    let next = Watched(recipe)
    let path = folder.path
    parts.reload = { () async throws(ConfigurationFaults) in
        try next.look { $0 }.configuration(upstreamPort: upstreamPort, folder: path)
    }
    let gateway = try await Gateway.start(configuration, parts)
    do {
        let result = try await body(
            TestGateway(
                gateway: gateway, storage: storage, log: log, time: time, wall: wall, recipe: next,
                folder: folder))
        await gateway.close()
        return result
    } catch {
        await gateway.close()
        throw error
    }
}

/// Runs a scripted model server and a gateway in front of it for as long as the body runs.
package func withGateway<Result>(
    _ recipe: GatewayRecipe = GatewayRecipe(), _ script: ScriptedUpstream.Script,
    _ body: (TestGateway, ScriptedUpstream) async throws -> Result
) async throws -> Result {
    try await GatewaySlots.with {
        try await withUpstream(script) { upstream in
            try await withGateway(recipe, upstreamPort: upstream.port) { gateway in
                try await body(gateway, upstream)
            }
        }
    }
}
