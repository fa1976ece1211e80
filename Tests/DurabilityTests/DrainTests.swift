internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import Testing

/// How a gateway ends while replies are under way.
@Suite(.timeLimit(.minutes(15)))
struct DrainTests {
    private static let held = [
        ChatCall(session: "main", marker: "held-stream", isStream: true),
        ChatCall(session: "other", marker: "held-plain", isStream: false),
    ]

    /// A gateway that was told to end while it waits for the rest of the held replies.
    private struct Draining {
        var setup: GatewayProcess.Setup
        var model: HeldModel
        var gateway: GatewayProcess
        var replies: Task<[ChatReply], Never>
        var ledger = RoundLedger()

        init(limit: String) async throws {
            model = try await HeldModel.start(holding: DrainTests.held.map(\.marker))
            setup = GatewayProcess.Setup(try Workspace(), upstream: model.url)
            setup.gateway = [#""drain": "\#(limit)""#]
            let gateway = try await GatewayProcess(setup)
            self.gateway = gateway
            replies = Task {
                await withTaskGroup(of: ChatReply.self) { group in
                    for call in DrainTests.held {
                        group.addTask {
                            (try? await ChatClient.ask(call, at: gateway.port)) ?? ChatReply(call: call)
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            await model.reached()
            DrainTests.held.forEach { ledger.asked($0) }
        }

        /// Sends the signal, and asks until the gateway refuses.
        ///
        /// - Returns: the refusal.
        mutating func signal() async throws -> ChatReply {
            gateway.child.signal(SIGTERM)
            var count = 0
            while true {
                count += 1
                let call = ChatCall(session: "late", marker: "late-\(count)", isStream: false)
                ledger.asked(call)
                let reply = try await ChatClient.ask(call, at: gateway.port)
                // A connection that was open and idle when the drain began is closed without an answer.
                if reply.status == 503 { return reply }
                ledger.answered(reply)
            }
        }

        /// Looks at what the end has left, and at a gateway that goes on with it.
        mutating func checkRestart() async throws {
            #expect(try ledger.faults(ofStoreAt: setup.store).isEmpty)
            let again = try await GatewayProcess(setup)
            let call = ChatCall(session: "main", marker: "again", isStream: true)
            ledger.asked(call)
            let reply = try await ChatClient.ask(call, at: again.port)
            #expect(reply.isAcknowledged, "\(reply)")
            ledger.answered(reply)
            #expect(await again.stopped() == .exited(0))
            #expect(await !again.child.end().output.contains("recovered"))
            #expect(try ledger.faults(ofStoreAt: setup.store).isEmpty)
            await model.model.stop()
        }
    }

    @Test("SIGTERM lets replies under way finish, refuses new requests meanwhile, and ends with 0")
    func drains() async throws {
        var draining = try await Draining(limit: "10m")
        let refusal = try await draining.signal()
        #expect(refusal.status == 503, "\(refusal)")
        #expect(refusal.headers["Connection"] == ["close"] && refusal.headers.contains(name: "Retry-After"))
        #expect(refusal.body.contains(#""error":{"message":"#), "\(refusal)")
        draining.model.release()
        let replies = await draining.replies.value
        for reply in replies {
            #expect(reply.isAcknowledged && reply.isWhole, "\(reply)")
            draining.ledger.answered(reply)
        }
        #expect(await draining.gateway.child.end().ending == .exited(0))
        try await draining.checkRestart()
    }

    /// Where the system's own buffers end is only about known: one of the sizes leaves its last bytes to the
    /// gateway.
    @Test("a reply that a client has not read when the signal comes reaches it whole, whatever its size")
    func slowReader() async throws {
        let model = try await ScriptedModel.start { request in
            guard let size = Int(request.marker) else { return Replies.answer(request) }
            return Replies.plain(request.marker, text: String(repeating: "x", count: size))
        }
        let workspace = try Workspace()
        var setup = GatewayProcess.Setup(workspace, upstream: model.url)
        setup.gateway = [#""drain": "10m""#]
        let kept = try await SocketBuffers.capacity()
        for size in stride(from: max(0, kept - 200_000), through: kept + 600_000, by: 20_000) {
            var call = ChatCall(session: "s", marker: "\(size)", isStream: false)
            call.path = "/v1/embeddings"
            let reply = try await readLate(setup, call)
            guard reply.isWhole, reply.bytes.readableBytes > size else {
                Issue.record("\(reply.bytes.readableBytes) bytes came of a reply of more than \(size)")
                break
            }
        }
        await model.stop()
    }

    /// Asks, lets the reply lie until the gateway is draining, then reads it.
    private func readLate(_ setup: GatewayProcess.Setup, _ call: ChatCall) async throws -> ChatReply {
        let gateway = try await GatewayProcess(setup)
        let client = try await ChatClient.connect(to: gateway.port)
        await client.reads(false)
        let asked = Task { await client.ask(call) }
        var beside = ChatCall(session: "beside", marker: "beside", isStream: false)
        _ = try await ChatClient.ask(beside, at: gateway.port)
        gateway.child.signal(SIGTERM)
        beside.marker = "late"
        while let late = try? await ChatClient.ask(beside, at: gateway.port), late.status == 200 {}
        await client.reads(true)
        let reply = await asked.value
        await client.close()
        #expect(await gateway.child.end().ending == .exited(0))
        return reply
    }

    @Test("a second signal ends the gateway at once, and keeps what came of the replies")
    func secondSignal() async throws {
        var draining = try await Draining(limit: "10m")
        _ = try await draining.signal()
        #expect(draining.gateway.child.ended.value == nil)
        draining.gateway.child.signal(SIGTERM)
        #expect(await draining.gateway.child.end().ending == .exited(0))
        #expect(await draining.replies.value.allSatisfy { !$0.isAnswered })
        draining.ledger.clientsLeave = true
        try await draining.checkRestart()
    }

    @Test("the drain's time limit ends a reply that never does")
    func limit() async throws {
        var draining = try await Draining(limit: "100ms")
        draining.gateway.child.signal(SIGTERM)
        #expect(await draining.gateway.child.end().ending == .exited(0))
        #expect(await draining.replies.value.allSatisfy { !$0.isAnswered })
        draining.ledger.clientsLeave = true
        try await draining.checkRestart()
    }
}
