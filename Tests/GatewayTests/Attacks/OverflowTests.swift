import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("No number and no text in a request stops the gateway or fills it", .timeLimit(.minutes(15)))
struct OverflowTests {
    private static let numbers = [
        "9223372036854775807", "-9223372036854775807", "-9223372036854775808", "9223372036854775808", "-1",
        "0", "1e18", "-1e18", "1e400", "-0", "0.5", "99999999999999999999999999",
    ]

    @Test(
        "Members that count are taken at any value, in a session that has memory to add",
        arguments: ["max_tokens", "max_completion_tokens", "n", "window", "seed"])
    func numbers(member: String) async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            let long = String(repeating: "and so on ", count: 3000)
            for number in Self.numbers {
                let members =
                    member == "window" ? #""memory":{"window":\#(number)},"# : #""\#(member)":\#(number),"#
                for question in ["And now?", long] {
                    let attack = Attack(
                        fields: "X-User-Id: anna\r\nX-Session-Id: numbers\r\n", members: members,
                        question: question)
                    let reply = try await scene.gateway.chat(attack.body, fields: attack.fields)
                    if member == "window", reply.status != 200 {
                        try reply.expectError(400, "invalid_request")
                    } else {
                        #expect(reply.status == 200, "\(number): \(reply.text)")
                    }
                }
            }
        }
    }

    @Test("Counts of tries and marks of modes that are no numbers or no words are passed over or refused")
    func counters() async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            for count in ["9223372036854775807", "-9223372036854775808", "+1", "1e9", "", "\u{FF11}", "x"] {
                let fields = "X-Stainless-Retry-Count: \(count)\r\nX-User-Id: bob\r\n"
                try await scene.withstand(Attack(fields: fields))
            }
        }
    }

    @Test(
        "What is too large to be kept is nobody else's trouble: another's stream does not call the store broken"
    )
    func tooLarge() async throws {
        try await withVictim(.withoutKeys, .init(engine: .lmdb)) { scene in
            let members = #""model":"\#(String(repeating: "m", count: 300_000))","#
            let attack = Attack(fields: "X-User-Id: bob\r\nX-Session-Id: large\r\n", members: members)
            let large = try await scene.withstand(attack)
            #expect(large["X-Memory-Status"] == "degraded; reason=store-error")
            let names = "X-User-Id: carl\r\nX-Session-Id: stream\r\n"
            let stream = try await scene.gateway.chat(Turns.body(stream: true), fields: names)
            #expect(stream["X-Memory-Status"] == "ok")
            #expect(try scene.gateway.messages("stream", user: "carl").count == 2)
        }
    }

    @Test("What a client writes breaks no line of the log, and does not fill it")
    func log() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let lines = #"loud\n2026-11-21T00:00:00Z info memgate: all is well\u001b[2J"#
            for memory in [#"{"mode":"\#(lines)"}"#, #"{"policy":"\#(lines)"}"#, #"{"\#(lines)":1}"#] {
                let reply = try await gateway.chat(#"{"memory":\#(memory),"messages":[]}"#)
                #expect(reply.status == 400)
            }
            let marks = String(repeating: #"\u0301"#, count: 100_000)
            let reply = try await gateway.chat(#"{"memory":{"mode":"a\#(marks)"},"messages":[]}"#)
            try reply.expectError(400, "invalid_mode")
            #expect(reply.body.readableBytes < 2000)
            let written = gateway.log.lines.look { $0 }.filter { $0.contains("request refused") }
            #expect(written.count == 4)
            for line in written {
                #expect(line.utf8.count < 2000 && !line.unicodeScalars.contains { $0.value < 0x20 })
            }
        }
    }
}
