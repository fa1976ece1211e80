import GatewayTesting
import MemoryStore
import Testing

@Suite("Metrics", .timeLimit(.minutes(15)))
struct AdminMetricsTests {
    private static func page(_ gateway: TestGateway) async throws -> ScrapedPage {
        let reply = try await gateway.admin("GET", "/metrics", showing: .nothing)
        #expect(reply["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try ScrapedPage(reply.text)
    }

    private static func exchanges(_ outcome: String, _ route: String = "chat_completions") -> String {
        #"memgate_exchanges_total{route="\#(route)",outcome="\#(outcome)"}"#
    }

    @Test("Every metric that there is has its name and type")
    func names() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            let types = try await Self.page(gateway).types
            for (name, type) in [
                ("memgate_exchanges_total", "counter"), ("memgate_exchange_seconds", "histogram"),
                ("memgate_streams_open", "gauge"), ("memgate_memory_status_total", "counter"),
                ("memgate_injected_tokens_total", "counter"), ("memgate_steps_total", "counter"),
                ("memgate_commits_total", "counter"), ("memgate_commit_seconds", "histogram"),
                ("memgate_commit_batch", "histogram"),
                ("memgate_released_unacknowledged_total", "counter"), ("memgate_store_bytes", "gauge"),
                ("memgate_sessions", "gauge"), ("memgate_plugin_errors_total", "counter"),
                ("process_resident_memory_bytes", "gauge"), ("process_start_time_seconds", "gauge"),
            ] { #expect(types[name] == type, "\(name)") }
        }
    }

    @Test("Exchanges are counted by how they end, with their phases, statuses and tokens")
    func exchanges() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            for number in 0..<3 {
                _ = try await gateway.chat(Turns.body(Turns.user("q\(number)")), fields: Turns.session)
            }
            _ = try await gateway.chat(Turns.body(), fields: "X-Memory-Mode: off\r\n")
            _ = try await gateway.chat(Turns.body(), fields: "X-Memory-Mode: nothing\r\n")
            _ = try await gateway.send("GET", "/v1/models")
            let page = try await Self.page(gateway)
            #expect(page.samples[Self.exchanges("recorded")] == 3)
            #expect(page.samples[Self.exchanges("not_recorded")] == 1)
            #expect(page.samples[Self.exchanges("refused")] == 1)
            #expect(page.samples[Self.exchanges("not_recorded", "transparent")] == 1)
            #expect(page.samples[#"memgate_memory_status_total{status="ok",reason=""}"#] == 3)
            #expect(page.samples[#"memgate_memory_status_total{status="off",reason=""}"#] == 1)
            #expect(page.samples[#"memgate_memory_status_total{status="skipped",reason="error"}"#] == 1)
            for (phase, count) in [
                ("admit", 4.0), ("resolve", 3), ("recall", 3), ("assemble", 4), ("first_byte", 4),
                ("relay", 4), ("record", 3),
            ] {
                #expect(
                    page.samples[#"memgate_exchange_seconds_count{phase="\#(phase)"}"#] == count, "\(phase)")
                let infinite = #"memgate_exchange_seconds_bucket{phase="\#(phase)",le="+Inf"}"#
                #expect(page.samples[infinite] == count)
            }
            #expect(page.samples[#"memgate_injected_tokens_total{plugin="recent-window"}"#] ?? 0 > 0)
            #expect(page.samples["memgate_store_messages"] == 6)
            #expect(page.samples[#"memgate_sessions{status="open"}"#] == 1)
            #expect(page.samples["memgate_commits_total"] ?? 0 > 0)
            #expect(page.samples["memgate_store_bytes"] ?? 0 > 0)
            #expect(page.samples["process_resident_memory_bytes"] ?? 0 > 1_000_000)
        }
    }

    @Test("A stream counts as open until its client has it whole")
    func streams() async throws {
        let go = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                    + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n")
            try await go.until { $0 }
            try await connection.send("data: [DONE]\n\n")
            await connection.close()
        }
        try await withGateway(GatewayRecipe(), script) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            try await client.state.until { $0.received > 0 }
            #expect(try await Self.page(gateway).samples["memgate_streams_open"] == 1)
            go.update { $0 = true }
            _ = try await client.next()
            #expect(try await Self.page(gateway).samples["memgate_streams_open"] == 0)
            await client.close()
        }
    }

    @Test("A reply that leaves without its commit is counted")
    func unacknowledged() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            gateway.storage.fail(StoreError(.system, "planned"))
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            gateway.storage.refuse(StoreError(.overloaded, "planned"))
            _ = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            let page = try await Self.page(gateway)
            #expect(page.samples["memgate_released_unacknowledged_total"] == 2)
            #expect(page.samples[Self.exchanges("recorded")] == 1)
            #expect(page.samples[Self.exchanges("not_recorded")] == 1)
        }
    }

    @Test("A client that leaves, and a model server that is not there, are told apart")
    func endings() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withGateway(upstreamPort: dead.port) { gateway in
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            _ = try await gateway.chat(Turns.body(), fields: "X-Memory-Mode: off\r\n")
            let page = try await Self.page(gateway)
            #expect(page.samples[Self.exchanges("failed")] == 2)
        }
        try await withGateway(GatewayRecipe(), .first { try await $0.state.until { $0.isClosed } }) {
            gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            try await upstream.state.until { $0.requests.count == 1 }
            await client.close()
            try await gateway.knowsWhoLeft()
            try await gateway.eventually {
                try await Self.page(gateway).samples[Self.exchanges("disconnected")] == 1
            }
        }
    }
}
