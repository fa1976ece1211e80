import GatewayTesting
import MemoryCore
import Testing

/// At a server of one's own, chats come first.
@Suite("Calls of our own make way", .timeLimit(.minutes(15)))
struct YieldTests {
    /// Ends Anna's session while Bert has just said something.
    private static func endBesideChat(_ gateway: TestGateway) async throws -> SessionKey {
        let key = try await gateway.says("I live in Lyon.")
        gateway.wall.advance(by: .seconds(1797))
        try await gateway.says("Hello.", as: "bert")
        for _ in 0..<6 { try await gateway.pass(1) }
        try await gateway.eventually {
            (try gateway.status(key)?.rawValue ?? 0) >= SessionStatus.summarised.rawValue
        }
        return key
    }

    @Test("A local server has to be quiet for twenty seconds first")
    func quiet() async throws {
        try await withGateway(OwnCalls.recipe(OwnCalls.patientWay), OwnCalls.telling) { gateway, upstream in
            let key = try await Self.endBesideChat(gateway)
            // Six seconds are over; each further word begins the twenty anew.
            for _ in 0..<12 { try await gateway.pass(1) }
            try await gateway.says("Still here.", as: "bert")
            for _ in 0..<18 { try await gateway.pass(1) }
            #expect(upstream.own().isEmpty)
            try await gateway.archives(key)
            #expect(try gateway.sources(key) == [.model])
            #expect(upstream.own().count == 1)
        }
    }

    @Test("Who says so does not make way", arguments: [true, false])
    func withoutWay(isSaid: Bool) async throws {
        // Another way of not making way: a server that is somewhere else, reached through a proxy.
        try await withUpstream(OwnCalls.telling) { upstream in
            var recipe = OwnCalls.recipe(isSaid ? OwnCalls.patience : OwnCalls.patientWay)
            if !isSaid {
                recipe.origin = "http://models.example"
                recipe.upstream += #","proxy":"http://127.0.0.1:\#(upstream.port)""#
            }
            try await withGateway(recipe, upstreamPort: isSaid ? upstream.port : 80) { gateway in
                let key = try await Self.endBesideChat(gateway)
                try await gateway.eventually { try gateway.status(key) == .archived }
                #expect(upstream.own().count == 1)
            }
        }
    }

    @Test("One call is made at a time")
    func oneAtATime() async throws {
        let released = Watched(0)
        let script = OwnCalls.model { _, connection, number in
            try await released.until { $0 > number }
            try await connection.send(OwnCalls.whole(OwnCalls.summary))
        }
        try await withGateway(OwnCalls.recipe(OwnCalls.patientWay), script) { gateway, upstream in
            var keys: [SessionKey] = []
            for user in ["anna", "bert", "carl"] {
                keys.append(try await gateway.says("I live in Lyon.", as: user))
            }
            try await gateway.passIdle()
            for number in 0..<keys.count {
                try await gateway.works { upstream.own().count == number + 1 }
                for _ in 0..<5 { try await gateway.pass(1) }
                #expect(upstream.own().count == number + 1)
                released.update { $0 += 1 }
            }
            for key in keys { try await gateway.archives(key) }
            #expect(upstream.own().count == 3)
        }
    }

    /// A server that does one thing at a time.
    private static func oneSlot(_ slot: Watched<Bool>) -> ScriptedUpstream.Script {
        let calls = Watched(0)
        return .requests { request, number, connection in
            _ = try await slot.value { (isTaken: inout Bool) -> Bool? in
                if isTaken { return nil }
                isTaken = true
                return true
            }
            defer { slot.update { $0 = false } }
            guard request["X-Memory-Purpose"] != nil else {
                return try await connection.send(OwnCalls.whole("a\(number)"))
            }
            let count = calls.update { count in
                count += 1
                return count
            }
            // The first ones never end by themselves.
            if count <= 2 { _ = try await connection.ended() }
            try await connection.send(OwnCalls.whole(OwnCalls.summary))
        }
    }

    @Test("A chat breaks a call off and never waits for it; the call is made again later")
    func brokenOff() async throws {
        let slot = Watched(false)
        try await withGateway(OwnCalls.recipe(OwnCalls.patientWay), Self.oneSlot(slot)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            for number in 1...2 {
                try await gateway.works { upstream.own().count == number }
                // Answered only once the server has heard that the call is off: time stands still.
                try await gateway.says("Hello.", as: "bert")
                #expect(try gateway.sources(key) == [.extractive])
            }
            try await gateway.archives(key)
            #expect(upstream.own().count == 3)
            #expect(try gateway.sources(key) == [.model])
            // Making way is no failure.
            let job = try #require(
                try gateway.storage.jobs(before: nil, count: 1) { $0.session == key }.first)
            #expect(job.attempts == 1)
            #expect(job.error == nil)
        }
    }

    @Test("A request on another path of the server breaks a call off too, reading its models does not")
    func otherPaths() async throws {
        let slot = Watched(false)
        let script = OwnCalls.model { _, connection, number in
            if number > 0 { return try await connection.send(OwnCalls.whole(OwnCalls.summary)) }
            slot.update { $0 = true }
            _ = try await connection.ended()
            slot.update { $0 = false }
        }
        try await withGateway(OwnCalls.recipe(OwnCalls.patientWay), script) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.works { slot.look { $0 } }
            _ = try await gateway.send("GET", "/v1/models")
            #expect(slot.look { $0 })
            _ = try await gateway.send("POST", "/v1/embeddings", body: #"{"input":"x"}"#)
            try await slot.until { !$0 }
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
        }
    }

    @Test("A gateway that closes waits for none of them")
    func closing() async throws {
        try await withGateway(
            OwnCalls.recipe(OwnCalls.patientWay),
            OwnCalls.model { _, connection, _ in
                _ = try await connection.ended()
            }
        ) { gateway, upstream in
            var keys: [SessionKey] = []
            for user in ["anna", "bert", "carl", "dora", "emil", "fred"] {
                keys.append(try await gateway.says("I live in Lyon.", as: user))
            }
            try await gateway.passIdle()
            try await gateway.works { upstream.own().count == 1 }
        }
    }
}
