import GatewayTesting
import NIOCore
import Testing

@Suite("Back-pressure: who does not take bytes stops who sends them", .timeLimit(.minutes(15)))
struct BackPressureTests {
    /// Far above what systems buffer on four sockets, far below what is sent.
    private static let bound = 24 << 20
    private static let total = 56 << 20

    /// A reply by its route, as pieces: what stands before, between and behind the mass.
    enum Reply: String, CaseIterable, Sendable {
        case transparent, plainChat, streamedChat, relaxedStream, unrecordedStream

        var isStream: Bool { self != .transparent && self != .plainChat }

        var path: String { self == .transparent ? "/v1/files/big" : "/v1/chat/completions" }

        var request: String {
            let body = #"{"model":"m","stream":\#(isStream),"messages":[{"role":"user","content":"go"}]}"#
            let mode = self == .unrecordedStream ? "X-Memory-Mode: off\r\n" : ""
            return TestGateway.request("POST", path, fields: mode, body: body)
        }

        func body(_ count: Int) -> ByteBuffer {
            switch self {
            case .transparent: return Pattern.bytes(count)
            case .plainChat:
                let text = Pattern.bytes(count, separator: " ")
                var buffer = ByteBuffer(
                    string: #"{"choices":[{"index":0,"message":{"role":"assistant","content":""#)
                buffer.writeImmutableBuffer(text)
                buffer.writeString(#""},"finish_reason":"stop"}]}"#)
                return buffer
            default:
                var buffer = ByteBuffer()
                let filler = String(repeating: "x", count: 4000)
                var number = 0
                while buffer.readableBytes < count {
                    buffer.writeString(ModelReply.delta("\(number)\(filler)"))
                    number += 1
                }
                buffer.writeString(ModelReply.finish + ModelReply.done)
                return buffer
            }
        }
    }

    @Test(
        "A client that does not read stops the upstream, and gets every byte when it does",
        arguments: Reply.allCases)
    func client(reply: Reply) async throws {
        let body = reply.body(Self.total)
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            guard request.method == "POST" else {
                return try await connection.send(ModelReply.whole("{}"))
            }
            let type = reply.isStream ? "text/event-stream" : "application/json"
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.readableBytes)\r\n\r\n")
            try await connection.sendInPieces(body)
        }
        let recipe = GatewayRecipe(
            gateway: reply == .relaxedStream ? #""durability":"relaxed""# : "",
            upstream: #""firstByteTimeout":"9s","idleTimeout":"9s","totalTimeout":"9s""#)
        try await withGateway(recipe, script) { gateway, upstream in
            let client = try await gateway.connect(receiveBuffer: 64 * 1024)
            try await client.setReading(false)
            try await client.send(reply.request)
            let connection = try await upstream.connection(0)
            try await settle(connection, gateway)
            #expect(connection.state.look(\.sent) < Self.bound)
            // What the client takes its time for is not the upstream's: its limits stand still meanwhile.
            try await gateway.time.advance(by: .minutes(4))
            try await client.setReading(true)
            let received = try await client.next()
            #expect(received.body == body)
        }
    }

    @Test(
        "An upstream that does not read stops the uploading client, and gets every byte when it does",
        arguments: [true, false])
    func upload(isChunked: Bool) async throws {
        let body = Pattern.bytes(Self.total)
        let gate = Watched(false)
        let script = ScriptedUpstream.Script.connections { connection, number in
            if number == 0 {
                try await connection.setReading(false)
                try await gate.until { $0 }
                try await connection.setReading(true)
            }
            while true {
                let request = try await connection.next()
                try await connection.send(ModelReply.whole(request.body == body ? "same" : "other"))
            }
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(body.readableBytes)"
            try await client.send("PUT /v1/files/big HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
            if isChunked { try await client.send(String(body.readableBytes, radix: 16) + "\r\n") }
            async let sending: Void = client.sendInPieces(body)
            _ = try await upstream.connection(0)
            try await settle(client, gateway)
            #expect(client.state.look(\.sent) < Self.bound)
            gate.update { $0 = true }
            try await sending
            if isChunked { try await client.send("\r\n0\r\n\r\n") }
            #expect(try await client.next().text == "same")
        }
    }

    /// Waits until a sender has stopped: its count stays the same while many other requests are served.
    private func settle(_ sender: WireConnection, _ gateway: TestGateway) async throws {
        let other = try await gateway.connect()
        var quiet = 0
        var before = -1
        while quiet < 3 {
            for _ in 0..<20 {
                try await other.send(TestGateway.request("GET", "/v1/ping"))
                _ = try await other.next()
            }
            let now = sender.state.look(\.sent)
            quiet = now == before && now > 0 ? quiet + 1 : 0
            before = now
            if now >= Self.bound { return }
        }
    }
}
