import Digests
import Foundation
import GatewaySettings
import MemoryCore
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Defaults and a full file")
struct DefaultsTests {
    @Test func `Without a file the contract's defaults hold`() throws {
        let configuration = try Configuration.load(plugins: .standard, surroundings: StubSurroundings())
        #expect(configuration.provenance.file == nil)
        expectDefaults(configuration)
    }

    @Test func `An empty object is the same as no file`() throws {
        let configuration = try Configuration.of("{}")
        #expect(configuration.provenance.file == "plugins.json")
        expectDefaults(configuration)
    }

    @Test func `Empties of what comes later say nothing and pass`() throws {
        let json = """
            {"keys": [], "models": {}, "upstreams": [],
             "policies": {"default": {"plugins": {}, "session": {}}},
             "gateway": {"identity": {}, "tenancy": "single"}, "limits": {}, "store": {}}
            """
        expectDefaults(try .of(json))
    }

    @Test func `The shipped file loads and changes no default`() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../plugins.json").standardized
        let configuration = try Configuration.of(String(contentsOf: file, encoding: .utf8))
        expectDefaults(configuration)
    }

    private func expectDefaults(_ configuration: Configuration) {
        let gateway = configuration.gateway
        #expect(gateway.listen.description == "127.0.0.1:8787")
        #expect(gateway.admin.description == "127.0.0.1:8788")
        #expect(gateway.adminToken?.reveal() == nil)
        #expect(gateway.data == "var")
        #expect(gateway.durability == .acknowledged)
        #expect(!gateway.open)
        #expect(gateway.tenancy == .single)
        #expect(gateway.origins.isEmpty && gateway.hosts.isEmpty)
        #expect(gateway.defaultUser == nil)
        #expect(gateway.drain == .seconds(30))
        expectDefaults(configuration.limits)
        #expect(configuration.store.maxBytes == 64 * 1_073_741_824)
        #expect(Set(configuration.policies.keys) == ["default", "buffer", "companion"])
        let session = configuration.defaultPolicy.session
        #expect(session.scope == .conversation && session.idle == .seconds(1800) && session.history == .auto)
        let context = configuration.defaultPolicy.context
        #expect(context.maxTokens == nil && context.placement == .merge)
        #expect(context.coldAfter == .seconds(300))
        #expect(configuration.defaultPolicy.chain.map(\.name) == ["standing-summaries", "recent-window"])
        #expect(configuration.defaultPolicy.chain.allSatisfy { $0.onError == .skip })
        #expect(configuration.defaultPolicy.chain.allSatisfy { $0.timeout == .milliseconds(50) })
        #expect(configuration.defaultPolicy.record.deadline == .milliseconds(250))
        #expect(configuration.defaultPolicy.record.drainTimeout == .seconds(30))
        expectDefaults(configuration.mainUpstream)
    }

    private func expectDefaults(_ limits: Configuration.Limits) {
        #expect(limits.body == 40 * 1_048_576)
        #expect(limits.reply == 8 * 1_048_576)
        #expect(limits.headers == 65536)
        #expect(limits.depth == 128)
        #expect(limits.messages == 10_000)
        #expect(limits.connections == 10_000)
        #expect(limits.eventLine == 1_048_576)
        #expect(limits.sessionsCached == 10_000)
        #expect(limits.headTimeout == .seconds(30))
        #expect(limits.bodyTimeout == .seconds(60))
        #expect(limits.keepAlive == .seconds(75))
        #expect(limits.writeStall == .seconds(300))
    }

    private func expectDefaults(_ upstream: Configuration.UpstreamSettings) {
        #expect(upstream.name == "main")
        #expect(upstream.target == .demo)
        #expect(upstream.key?.reveal() == nil)
        #expect(upstream.keyField?.name == nil)
        #expect(upstream.keyHeader == "Authorization")
        #expect(upstream.headers.isEmpty)
        #expect(upstream.models == ["*"])
        let paths = [
            "models", "chat", "completions", "embeddings", "rerank", "moderations", "audio", "images",
            "POST responses", "/api/chat", "/api/generate", "/api/tags", "/api/show", "/api/ps",
            "/api/version",
            "/api/embed",
        ]
        #expect(upstream.paths.map(\.description) == paths)
        #expect(upstream.proxy?.reveal() == nil)
        #expect(upstream.certificateAuthorities == nil)
        #expect(upstream.connectTimeout == .seconds(10))
        #expect(upstream.firstByteTimeout == .seconds(600))
        #expect(upstream.idleTimeout == .seconds(300))
        #expect(upstream.totalTimeout == .seconds(3600))
        #expect(upstream.retries == 1)
    }

    @Test func `Every setting of the file arrives`() throws {
        let surroundings = StubSurroundings(
            variables: ["TOKEN": "t0ken"],
            files: [
                "plugins.json": Array(Self.full.utf8), "/run/key": Array("sk-1\n".utf8), "ca.pem": [0x2D],
            ])
        let configuration = try Configuration.load(plugins: .standard, surroundings: surroundings)
        let gateway = configuration.gateway
        #expect(gateway.listen.description == "[::1]:9001")
        #expect(gateway.admin.description == "localhost:0")
        #expect(gateway.adminToken?.reveal() == "t0ken")
        #expect(gateway.data == "/srv/memgate")
        #expect(gateway.durability == .relaxed)
        #expect(gateway.open)
        #expect(
            gateway.origins.map(\.description) == ["https://chat.example.com:8443", "chrome-extension://*"])
        #expect(gateway.hosts.map(\.text) == ["gateway.example.com"])
        #expect(gateway.defaultUser == "Ännchen")
        #expect(gateway.drain == .zero)
        let limits = configuration.limits
        let sizes: [Int] = [limits.body, limits.reply, limits.headers, limits.eventLine]
        #expect(sizes == [1024, 2048, 4096, 2_097_152])
        let counts: [Int] = [limits.depth, limits.messages, limits.connections, limits.sessionsCached]
        #expect(counts == [64, 5, 6, 7])
        let waits: [Duration] = [limits.headTimeout, limits.bodyTimeout, limits.keepAlive, limits.writeStall]
        #expect(waits == [.milliseconds(1), .seconds(2), .seconds(180), .seconds(14400)])
        #expect(configuration.store.maxBytes == 1 << 40)
        #expect(configuration.defaultPolicy.record.deadline == .zero)
        #expect(configuration.defaultPolicy.record.drainTimeout == .seconds(60))
        let upstream = configuration.mainUpstream
        #expect(upstream.name == "azure")
        #expect(upstream.target.description == "https://models.example.com/openai/v1")
        #expect(upstream.keyField?.name == "api-key")
        #expect(upstream.keyField?.value.reveal() == "sk-1")
        #expect(upstream.headers.map(\.name) == ["X-Title", "X-Token"])
        #expect(upstream.headers.map { $0.value.reveal() } == ["memgate", "t0ken"])
        #expect(upstream.paths.map(\.description) == ["models", "POST responses", "/api/tags"])
        #expect(upstream.proxy?.reveal() == "http://proxy:3128")
        #expect(upstream.certificateAuthorities == "ca.pem")
        let times = [
            upstream.connectTimeout, upstream.firstByteTimeout, upstream.idleTimeout, upstream.totalTimeout,
        ]
        #expect(times == [.seconds(1), .seconds(2), .seconds(3), .seconds(604800)])
        #expect(upstream.retries == 0)
        #expect(upstream.models == ["gpt-*", "o1"])
        let key = try #require(configuration.keys.first)
        #expect(key.name == "team-a" && key.tenant == "acme" && key.user == "ops" && key.policy == "default")
        #expect(key.digest == Digest(sha256: Array("abc".utf8)))
        #expect(key.upstreamKey?.reveal() == "t0ken")
        #expect(key.mayAssertUser && key.mayChoosePolicy)
        let plain = try #require(configuration.keys.last)
        #expect(plain.tenant == "b" && plain.user == "b" && plain.upstreamKey == nil)
        #expect(!plain.mayAssertUser && !plain.mayChoosePolicy)
    }

    private static let full = """
        {
          "gateway": {
            "listen": "[::1]:9001", "admin": "localhost:0", "adminToken": "$env:TOKEN",
            "data": "/srv/memgate", "durability": "relaxed", "open": true, "tenancy": "single",
            "origins": ["https://Chat.example.com:8443", "chrome-extension://*"],
            "hosts": ["Gateway.example.com"], "defaultUser": "Ännchen", "drain": "0s"
          },
          "limits": {
            "body": "1KiB", "reply": "2048B", "headers": "4KiB", "depth": 64, "messages": 5, "connections": 6,
            "eventLine": "2MiB", "sessionsCached": 7, "headTimeout": "1ms", "bodyTimeout": "2s",
            "keepAlive": "3m", "writeStall": "4h"
          },
          "store": { "maxBytes": "1TiB" },
          "upstreams": [
            {
              "name": "azure", "url": "HTTPS://models.example.com:443/openai/v1/", "key": "$file:/run/key",
              "keyHeader": "api-key", "headers": { "X-Title": "memgate", "X-Token": "$env:TOKEN" },
              "models": ["gpt-*", "o1"], "paths": ["models", "POST responses", "/api/tags"],
              "proxy": "http://proxy:3128", "ca": "ca.pem", "http2": false, "connectTimeout": "1s",
              "firstByteTimeout": "2s",
              "idleTimeout": "3s", "totalTimeout": "168h", "retries": 0
            }
          ],
          "keys": [
            {
              "name": "team-a",
              "sha256": "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
              "tenant": "acme", "user": "ops", "policy": "default", "upstreamKey": "$env:TOKEN",
              "mayAssertUser": true, "mayChoosePolicy": true
            },
            {
              "name": "b",
              "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            }
          ],
          "policies": { "default": { "record": { "deadline": "0s", "drainTimeout": "1m" } } }
        }
        """
}
