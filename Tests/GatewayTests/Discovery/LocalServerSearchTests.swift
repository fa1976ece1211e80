import GatewayAssembly
import GatewaySettings
import GatewayTesting
import NIOCore
import Testing

@Suite("A model server that nobody named is found", .timeLimit(.minutes(15)))
struct LocalServerSearchTests {
    private static let list = #"{"object":"list","data":[{"id":"m","object":"model"}]}"#

    /// Waits for every answer: on a busy machine one may take its time.
    private static let patient = LocalServerSearch(patience: .seconds(100))

    /// The first of several places on one host, told apart by whose they are.
    private func first(
        of ports: [Int], by search: LocalServerSearch = patient
    ) async throws -> Configuration.LocalCandidate? {
        await search.first(of: [try candidates(ports)])
    }

    private func candidates(
        _ ports: [Int], host: String = "127.0.0.1"
    ) throws -> [Configuration.LocalCandidate] {
        try zip(LocalServer.allCases, ports).map { server, port in
            .init(server, at: try WebAddress("http://\(host):\(port)/v1"))
        }
    }

    @Test("A server that lists its models is taken, and asked once without any credential")
    func taken() async throws {
        try await withUpstream(.always(ModelReply.whole(Self.list))) { server in
            let found = try await first(of: [server.port])
            #expect(found?.server == .ollama)
            #expect(found?.address.description == "http://127.0.0.1:\(server.port)/v1")
            #expect(server.requests.map(\.target) == ["/v1/models"])
            #expect(server.requests.first?.head.hasPrefix("GET ") == true)
            #expect(server.requests.first?["Authorization"] == nil)
        }
    }

    @Test(
        "Every list of models counts, also of a server that has none yet",
        arguments: [
            #"{"data":[{"id":"a"},{"id":"b"}]}"#, #"{"object":"list","data":null}"#,
            #"{"object":"list","data":[]}"#, #"{"models":[],"object":"list","data":[{"id":"m","meta":{}}]}"#,
        ])
    func lists(body: String) async throws {
        try await withUpstream(.always(ModelReply.whole(body))) { server in
            let found = try await first(of: [server.port])
            #expect(found != nil)
        }
    }

    @Test(
        "Another web server is not taken for one",
        arguments: [
            ModelReply.whole("<!doctype html><title>It works</title>", type: "text/html"),
            ModelReply.whole(""), ModelReply.whole("[]"), ModelReply.whole("{}"),
            ModelReply.whole(#"{"object":"list"}"#), ModelReply.whole(#"{"data":[]}"#),
            ModelReply.whole(#"{"data":null}"#), ModelReply.whole(#"{"object":"list","data":{"id":"m"}}"#),
            ModelReply.whole(#"{"object":"list","data":["m"]}"#),
            ModelReply.whole(#"{"object":"list","data":[{"id":"m"},{"name":"n"}]}"#),
            ModelReply.whole(#"{"object":"list","data":[{"id":1}]}"#),
            ModelReply.whole(#"{"object":"list","data":[{"id":""}]}"#), ModelReply.whole(list + "]"),
            ModelReply.whole(list, status: "404 Not Found"),
            ModelReply.whole(list, status: "401 Unauthorized"),
            ModelReply.whole(list, status: "201 Created"),
            ModelReply.whole(list, status: "302 Found", fields: "Location: /v1/models\r\n"),
            "SSH-2.0-OpenSSH_9.2\r\n", ModelReply.chunkedHead() + "zz\r\n",
        ])
    func other(reply: String) async throws {
        try await withUpstream(.always(reply)) { server in
            let found = try await first(of: [server.port])
            #expect(found == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test("A list of at most 1 MiB is read", arguments: [0, 1])
    func size(over: Int) async throws {
        let padding = String(repeating: " ", count: (1 << 20) + over - Self.list.utf8.count)
        try await withUpstream(.always(ModelReply.whole(Self.list + padding))) { server in
            let found = try await first(of: [server.port])
            #expect((found == nil) == (over > 0))
        }
    }

    @Test("A reply without an end is given up, and so is one that never begins")
    func silent() async throws {
        let endless = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(Self.list))
            try await connection.ended()
        }
        try await withUpstream(endless) { endless in
            try await withUpstream(.silent) { silent in
                let search = LocalServerSearch(patience: .milliseconds(200))
                let found = try await first(of: [silent.port, endless.port], by: search)
                #expect(found == nil)
            }
        }
    }

    @Test("A reply that is too long is broken off")
    func flood() async throws {
        let flood = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(ModelReply.chunkedHead())
            let chunk = ModelReply.chunk(String(repeating: " ", count: 65536))
            while true { try await connection.send(chunk) }
        }
        try await withUpstream(flood) { server in
            let found = try await first(of: [server.port])
            #expect(found == nil)
            try await server.connection(0).ended()
        }
    }

    @Test("The first in order wins, past those where nobody or another server listens")
    func order() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withUpstream(.always(ModelReply.whole("{}"))) { other in
            try await withUpstream(.always(ModelReply.whole(Self.list))) { server in
                let last = try await first(of: [dead.port, other.port, server.port, server.port])
                #expect(last?.server == .lmStudio)
                let front = try await first(of: [server.port, other.port])
                #expect(front?.server == .ollama)
                for ports in [[dead.port], []] {
                    let none = try await first(of: ports)
                    #expect(none == nil)
                }
            }
        }
    }

    @Test("A later host is asked only where the earlier ones have none; names are looked up")
    func hosts() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withUpstream(.always(ModelReply.whole(Self.list))) { server in
            let here = try candidates([dead.port])
            let there = try candidates([server.port], host: "localhost")
            #expect(await Self.patient.first(of: [here, there]) == there.first)
            #expect(server.requests.count == 1)
            let second = try candidates([server.port])
            #expect(await Self.patient.first(of: [second, there]) == second.first)
            #expect(server.requests.count == 2)
            let unknown = try candidates([server.port], host: "nowhere.invalid")
            #expect(await LocalServerSearch().first(of: [unknown]) == nil)
            #expect(server.requests.count == 2)
        }
    }
}
