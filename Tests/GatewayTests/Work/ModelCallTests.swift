import GatewayAssembly
import GatewaySettings
import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

/// How models are asked on the memory's own behalf.
@Suite("Calls of our own", .timeLimit(.minutes(15)))
struct ModelCallTests {
    @Test(
        "They name their purpose and bring the upstream's key, never a client's, and leave no trace in memory"
    )
    func credential() async throws {
        var recipe = OwnCalls.recipe(titles: true)
        recipe.upstream += #","key":"$env:UP","headers":{"X-Team":"memory"}"#
        recipe.variables["UP"] = "up"
        try await withGateway(recipe, OwnCalls.telling) { gateway, upstream in
            let secrets = "Authorization: Bearer mine\r\nx-api-key: mine\r\nCookie: mine\r\n"
            let key = try await gateway.says("I live in Lyon.", model: "small", fields: secrets)
            try await gateway.passIdle()
            try await gateway.works { try gateway.storage.details(of: key)?.life.title != nil }
            #expect(upstream.own().map { $0["X-Memory-Purpose"] } == ["summary", "title"])
            for call in upstream.own() {
                #expect(call["Authorization"] == "Bearer up")
                #expect(call["X-Team"] == "memory")
                #expect(call["X-Memory-Hop"] != nil)
                #expect(call["X-User-Id"] == nil && call["X-Session-Id"] == nil)
                #expect(!call.head.contains("mine"))
                #expect(call.startLine == "POST /v1/chat/completions HTTP/1.1")
                #expect(call.text.contains(#""model":"small""#))
                #expect(call.text.contains(#""stream":false"#))
            }
            #expect(try gateway.storage.statistics().sessions == 1)
            #expect(try gateway.storage.messages(of: key).count == 2)
        }
    }

    @Test("Without a key of the upstream's they bring none: a client's is never kept")
    func noCredential() async throws {
        try await withGateway(OwnCalls.recipe(), OwnCalls.telling) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.", fields: "Authorization: Bearer mine\r\n")
            #expect(upstream.requests.first?["Authorization"] == "Bearer mine")
            try await gateway.passIdle()
            try await gateway.archives(key)
            #expect(upstream.own().count == 1)
            #expect(upstream.own().allSatisfy { !$0.head.contains("mine") && $0["Authorization"] == nil })
            // The client named no model: nor do we.
            #expect(upstream.own().allSatisfy { !$0.text.contains(#""model""#) })
        }
    }

    @Test("The model is the one that the session used last, at the upstream that it used last")
    func lastModel() async throws {
        try await withUpstream(OwnCalls.telling) { second in
            var recipe = OwnCalls.recipe()
            recipe.furtherUpstreams =
                #",{"name":"second","url":"http://127.0.0.1:\#(second.port)/v2","models":["large*"]}"#
            recipe.upstream += #","models":["small*"]"#
            try await withGateway(recipe, OwnCalls.telling) { gateway, first in
                let anna = try await gateway.says("I live in Lyon.", model: "small-1")
                try await gateway.says("My dog is Rex.", model: "large-2")
                let bert = try await gateway.says("I live in Rome.", as: "bert", model: "large-1")
                try await gateway.says("My cat is Mia.", as: "bert", model: "small-2")
                try await gateway.passIdle()
                try await gateway.archives(anna)
                try await gateway.archives(bert)
                #expect(second.own().count == 1 && first.own().count == 1)
                #expect(second.own().first?.text.contains(#""model":"large-2""#) == true)
                #expect(second.own().first?.startLine == "POST /v2/chat/completions HTTP/1.1")
                #expect(first.own().first?.text.contains(#""model":"small-2""#) == true)
            }
        }
    }

    @Test("The settings name another upstream, another model, and how long an answer may be")
    func settings() async throws {
        try await withUpstream(OwnCalls.telling) { second in
            var recipe = OwnCalls.recipe(
                #""upstream":"second","model":"cheap","maxTokens":777,"timeout":"24h","yield":false"#)
            recipe.furtherUpstreams =
                #",{"name":"second","url":"http://127.0.0.1:\#(second.port)/v1","models":["none"]}"#
            try await withGateway(recipe, OwnCalls.telling) { gateway, first in
                let key = try await gateway.says("I live in Lyon.", model: "large")
                try await gateway.passIdle()
                try await gateway.archives(key)
                #expect(first.own().isEmpty && first.requests.count == 1)
                let call = try #require(second.own().first)
                #expect(call.text.contains(#""model":"cheap""#))
                #expect(call.text.contains(#""max_tokens":777"#))
            }
        }
    }

    @Test("A model that hangs is given up after its time, and delays no chat", arguments: [true, false])
    func hanging(yields: Bool) async throws {
        let script = OwnCalls.model { _, connection, number in
            if number == 0 { _ = try await connection.ended() }
            try await connection.send(OwnCalls.whole(OwnCalls.summary))
        }
        var recipe = OwnCalls.recipe(#""timeout":"1h","yield":\#(yields)"#)
        recipe.policy = #""session":{"scope":"user","idle":"30m","titles":false}"#
        try await withGateway(recipe, script) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.works { upstream.own().count == 1 }
            if !yields {
                // Time stands still for the call, and the chat is answered all the same.
                try await gateway.says("Hello.", as: "bert")
            }
            try await gateway.pass(600)
            #expect(upstream.own().count == 1)
            #expect(try gateway.sources(key) == [.extractive])
            try await gateway.pass(3000)
            try await gateway.archives(key)
            #expect(upstream.own().count > 1)
            #expect(try gateway.sources(key) == [.model])
        }
    }

    @Test(
        "A refused credential stops them until the settings are read again; chats go on",
        arguments: [401, 403])
    func refusedCredential(status: Int) async throws {
        let isKnown = Watched(false)
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(
                isKnown.look { $0 } ? OwnCalls.whole(OwnCalls.summary) : OwnCalls.refusal("\(status) No"))
        }
        let recipe = OwnCalls.recipe()
        try await withGateway(recipe, script) { gateway, upstream in
            let anna = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(anna)
            #expect(upstream.own().count == 1)
            #expect(try gateway.sources(anna) == [.extractive])
            let line = try await gateway.log.line(with: "refuses calls of our own")
            #expect(line.contains("main") && line.contains("\(status)"))
            let bert = try await gateway.says("I live in Rome.", as: "bert")
            try await gateway.passIdle()
            try await gateway.archives(bert)
            #expect(upstream.own().count == 1)
            #expect(try gateway.sources(bert) == [.extractive])
            isKnown.update { $0 = true }
            await gateway.gateway.reload { () async throws(ConfigurationFaults) in
                try recipe.configuration(upstreamPort: upstream.port, folder: gateway.path)
            }
            let carl = try await gateway.says("I live in Bonn.", as: "carl")
            try await gateway.passIdle()
            try await gateway.archives(carl)
            #expect(try gateway.sources(carl) == [.model])
            #expect(upstream.own().count == 2)
        }
    }

    @Test("A refusal of a call that began before a reload does not stop those that come after it")
    func staleRefusal() async throws {
        let isLetGo = Watched(false)
        let script = OwnCalls.model { _, connection, number in
            guard number == 0 else { return try await connection.send(OwnCalls.whole(OwnCalls.summary)) }
            try await isLetGo.until { $0 }
            try await connection.send(OwnCalls.refusal("401 No"))
        }
        let recipe = OwnCalls.recipe()
        try await withGateway(recipe, script) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.eventually { upstream.own().count == 1 }
            await gateway.gateway.reload { () async throws(ConfigurationFaults) in
                try recipe.configuration(upstreamPort: upstream.port, folder: gateway.path)
            }
            isLetGo.update { $0 = true }
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            #expect(try gateway.sources(key) == [.model])
        }
    }
}
