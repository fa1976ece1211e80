import GatewayAssembly
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("A gateway that shuts down", .timeLimit(.minutes(15)))
struct DrainTests {
    private static let answer = ModelReply.whole(ModelReply.completion("a"))

    /// Answers when the gate is opened.
    private static func gated(_ gate: Watched<Bool>, _ reply: String = answer) -> ScriptedUpstream.Script {
        .requests { _, _, connection in
            try await gate.until { $0 }
            try await connection.send(reply)
        }
    }

    /// Drains while the body runs, which begins when draining has begun.
    private func draining(
        _ gateway: TestGateway, while body: () async throws -> Void
    ) async throws {
        let idle = try await gateway.connect()
        // Answered here: after this the gateway knows the connection as an idle one.
        try await idle.send(TestGateway.request("GET", "/v1/memory/none"))
        try await idle.next().expectError(404, "not_found")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await gateway.gateway.drain() }
            try await idle.ended()
            try await body()
            try await group.waitForAll()
        }
    }

    @Test("Requests under way are answered, plain, streamed and transparent; then their connections end")
    func underWay() async throws {
        let gate = Watched(false)
        try await withGateway(.init(), Self.gated(gate)) { gateway, upstream in
            let requests = [
                Turns.request(), Turns.request(stream: true), TestGateway.request("GET", "/v1/models"),
            ]
            var clients: [WireConnection] = []
            for (number, request) in requests.enumerated() {
                let client = try await gateway.connect()
                try await client.send(request)
                _ = try await upstream.request(number)
                clients.append(client)
            }
            try await draining(gateway) {
                gate.update { $0 = true }
                for client in clients {
                    let reply = try await client.next()
                    #expect(reply.text == ModelReply.completion("a"))
                    #expect(reply["Connection"] == "close")
                    try await client.ended()
                }
            }
            #expect(try gateway.messages("s").map(\.message.status) == Array(repeating: .complete, count: 4))
        }
    }

    @Test("A stream whose head is out goes on to its end")
    func stream() async throws {
        let gate = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("a")))
            try await gate.until { $0 }
            let rest = ModelReply.delta("b") + ModelReply.finish + ModelReply.done
            try await connection.send(ModelReply.chunk(rest) + ModelReply.lastChunk)
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            _ = try await client.partial { $0.body.readableBytes > 0 }
            try await draining(gateway) {
                gate.update { $0 = true }
                #expect(try await client.next().text == ModelReply.stream("a", "b"))
                try await client.ended()
            }
            #expect(try gateway.transcript("s").last == "1 complete \(Turns.assistant("ab"))")
        }
    }

    @Test("New requests get 503 while others finish, on new connections and behind the one under way")
    func newRequests() async throws {
        let gate = Watched(false)
        try await withGateway(.init(), Self.gated(gate)) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            _ = try await upstream.request(0)
            try await draining(gateway) {
                for path in ["/v1/chat/completions", "/v1/files"] {
                    let reply = try await gateway.chat(
                        Turns.body(), path: path, fields: "Origin: http://localhost\r\n")
                    try reply.expectError(503, "draining")
                    #expect(reply["Connection"] == "close")
                    #expect(reply["Retry-After"] == "1")
                    #expect(reply["Access-Control-Allow-Origin"] == "http://localhost")
                }
                _ = try await gateway.log.line(with: "code=draining")
                gate.update { $0 = true }
                #expect(try await client.next().status == 200)
            }
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("A body that is on its way when draining begins is taken and answered")
    func halfSent() async throws {
        let script = ScriptedUpstream.Script.always(Self.answer)
        try await withGateway(.init(), script) { gateway, upstream in
            let uploading = try await gateway.connect()
            try await uploading.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")
            _ = try await upstream.connection(0).partial { $0.text == "ab" }
            try await draining(gateway) {
                try await uploading.send("cd")
                #expect(try await uploading.next().status == 200)
            }
            #expect(upstream.requests.map(\.text) == ["abcd"])
        }
    }

    @Test("Held replies get their commits, and their ends", arguments: [true, false])
    func held(isStream: Bool) async throws {
        let recipe = GatewayRecipe(policy: #""record":{"deadline":"60s"}"#, engine: .lmdb)
        try await withGateway(recipe, .numbered) { gateway, _ in
            gateway.storage.hold()
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: isStream))
            try await gateway.storage.asked(1)
            try await draining(gateway) {
                try gateway.storage.open()
                let reply = try await client.next()
                #expect(reply.text == (isStream ? ModelReply.stream("a0") : ModelReply.completion("a0")))
            }
            #expect(try gateway.transcript("s").last == "1 complete \(Turns.assistant("a0"))")
        }
    }

    @Test("What is not finished after gateway.drain is cut", arguments: [true, false])
    func expired(isStream: Bool) async throws {
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            if isStream {
                try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("a")))
            }
            try await connection.ended()
        }
        try await withUpstream(script) { upstream in
            let recipe = GatewayRecipe(gateway: #""drain":"50ms""#)
            let client = try await withGateway(recipe, upstreamPort: upstream.port) { gateway in
                let client = try await gateway.connect()
                try await client.send(Turns.request(stream: isStream))
                _ = try await upstream.request(0)
                if isStream { _ = try await client.partial { $0.body.readableBytes > 0 } }
                try await draining(gateway) {}
                #expect(!client.state.look(\.isClosed))
                return client
            }
            // The gateway is closed by now.
            let cut = try await client.ended()
            #expect(cut?.isWhole != true)
            try await upstream.connection(0).ended()
        }
    }

    @Test("What a gateway has cut at its end is on record at the next start", arguments: [true, false])
    func reopened(isStream: Bool) async throws {
        let recipe = GatewayRecipe(gateway: #""drain":"0s""#, engine: .lmdb)
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            if number == 0 { return try await connection.send(Self.answer) }
            if isStream {
                try await connection.send(
                    ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("par")))
            }
            try await connection.ended()
        }
        try await withUpstream(script) { upstream in
            let folder = try TemporaryFolder()
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                _ = try await gateway.chat(Turns.body(), fields: Turns.session)
                let client = try await gateway.connect()
                try await client.send(Turns.request(Turns.later, stream: isStream))
                _ = try await upstream.request(1)
                if isStream { _ = try await client.partial { $0.body.readableBytes > 0 } }
            }
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                let first = ["1 complete \(Turns.question)", "1 complete \(Turns.assistant("a"))"]
                let cut =
                    isStream
                    ? ["2 complete \(Turns.later)", "2 disconnected \(Turns.assistant("par"))"]
                    : ["- disconnected \(Turns.later)"]
                let transcript = try gateway.transcript("s")
                #expect(transcript == first + cut)
            }
        }
    }
}
