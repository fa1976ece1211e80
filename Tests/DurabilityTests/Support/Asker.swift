internal import Testing

/// A client that fills a store and asks on, and knows what it was promised.
struct Asker {
    /// As much as a question needs to be too large for what is left of a full store.
    private static let padding = 200_000

    var ledger = RoundLedger()

    /// Asks until a round finds no room.
    mutating func fill(_ gateway: GatewayProcess) async throws {
        let client = try await ChatClient.connect(to: gateway.port)
        for number in 0..<10_000 {
            let reply = await ask(client, "fill\(number)-\(gateway.child.id)", isStream: false)
            guard reply.isAcknowledged else {
                expectUnrecorded(reply)
                break
            }
        }
        await client.close()
        #expect(ledger.acknowledgedCount > 0)
    }

    /// Questions that a full gateway answers without recording them, and says so.
    mutating func askUnrecorded(_ gateway: GatewayProcess, _ name: String) async throws {
        let client = try await ChatClient.connect(to: gateway.port)
        for number in 0..<4 {
            expectUnrecorded(await ask(client, "\(name)\(number)", isStream: number % 2 == 1))
        }
        await client.close()
    }

    /// Questions that a gateway answers and records, and whose session it still knows.
    mutating func askRecorded(_ gateway: GatewayProcess, _ name: String) async throws {
        let client = try await ChatClient.connect(to: gateway.port)
        for number in 0..<4 {
            let reply = await ask(client, "\(name)\(number)", isStream: number % 2 == 1)
            #expect(reply.isAcknowledged, "\(reply.status) \(reply.headers)")
        }
        await client.close()
    }

    private mutating func ask(_ client: ChatClient, _ marker: String, isStream: Bool) async -> ChatReply {
        let call = ChatCall(session: "main", marker: marker, isStream: isStream, padding: Self.padding)
        ledger.asked(call)
        let reply = await client.ask(call)
        ledger.answered(reply)
        return reply
    }

    private func expectUnrecorded(_ reply: ChatReply) {
        #expect(reply.isAnswered && reply.isWhole, "\(reply.status) \(reply.headers)")
        #expect(reply.memoryStatus == "degraded; reason=store-full", "\(reply.call.marker)")
    }
}
