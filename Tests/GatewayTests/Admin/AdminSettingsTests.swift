import Foundation
import GatewayTesting
import NIOCore
import PluginInterface
import StandardPlugins
import Testing

@Suite("Plugins and reload on the admin side", .timeLimit(.minutes(15)))
struct AdminSettingsTests {
    private struct Plugins: Decodable {
        struct Plugin: Decodable {
            var name: String
            var hooks: [String]
            var on_error: String
            var timeout_ms: Double
            var calls: Int
            var errors: Int
            var timeouts: Int
        }

        var data: [Plugin]
    }

    private struct Refused: Decodable {
        struct Fault: Decodable {
            var path: String
            var found: String
            var allowed: String
            var message: String
        }

        var error: ErrorReply
        var errors: [Fault]
    }

    private static func read<Value: Decodable>(_ reply: WireMessage) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(reply.body.readableBytesView))
    }

    /// What a preset brings along, for its own policy.
    private static let brought = "standing-summaries"

    @Test("Plugins are listed in their order, with what they are held to and what they did")
    func plugins() async throws {
        var recipe = GatewayRecipe()
        recipe.plugins = .standard.adding([Failing.self, Doorkeeper.self])
        recipe.chain = """
            [{"use":"failing","settings":{"at":"turn"},"timeout":"75ms"},
             {"use":"doorkeeper","onError":"reject","when":{"models":["big*"],"policies":["default"]}},
             {"use":"recent-window","settings":{"rounds":7}}]
            """
        try await withGateway(recipe, .numbered) { gateway, _ in
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let reply = try await gateway.admin("GET", "/admin/v1/plugins")
            let plugins: Plugins = try Self.read(reply)
            #expect(plugins.data.map(\.name) == ["failing", "doorkeeper", "recent-window", Self.brought])
            #expect(
                plugins.data.map(\.hooks) == [
                    ["admit", "standing", "turn"], ["admit", "forward"], ["window"], ["standing"],
                ])
            #expect(plugins.data.map(\.on_error) == ["skip", "reject", "skip", "skip"])
            #expect(plugins.data.map(\.timeout_ms) == [75, 50, 50, 50])
            // Admit and note; nobody who gives no name is told of other sessions.
            #expect(plugins.data.map(\.calls) == [2, 0, 0, 0])
            #expect(plugins.data[0].errors + plugins.data[0].timeouts == 1)
            #expect(reply.text.contains(#""settings":{"rounds":7,"messages":0,"#))
            let condition = #""when":{"paths":[],"models":["big*"],"policies":["default"],"keys":[]}"#
            #expect(reply.text.contains(condition))
            #expect(reply.text.hasSuffix(#""next_cursor":null}"#))
        }
    }

    @Test("Reload takes settings that hold, and says of others what is wrong, fault by fault")
    func reload() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            gateway.recipe.update { $0.chain = #"[{"use":"recent-window","settings":{"rounds":1}}]"# }
            let taken = try await gateway.admin("POST", "/admin/v1/reload")
            #expect(taken.status == 200 && taken.text == #"{"reloaded":true}"#)
            let listed: Plugins = try Self.read(try await gateway.admin("GET", "/admin/v1/plugins"))
            #expect(listed.data.map(\.name) == ["recent-window", Self.brought])
            gateway.recipe.update { recipe in
                recipe.chain = #"[{"use":"recent-window","settings":{"rounds":-1}}]"#
                recipe.gateway = #""drain":30"#
            }
            let refused = try await gateway.admin("POST", "/admin/v1/reload")
            #expect(refused.status == 422)
            let said: Refused = try Self.read(refused)
            #expect(said.error.code == "invalid_settings")
            #expect(Set(said.errors.map(\.path)) == ["plugins[0].settings.rounds", "gateway.drain"])
            for fault in said.errors {
                #expect(!fault.found.isEmpty && !fault.allowed.isEmpty && fault.message.contains(fault.path))
            }
        }
    }

    @Test("Settings that need a restart are named by reload, and nothing of them holds")
    func restart() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            gateway.recipe.update { $0.gateway = #""durability":"relaxed""# }
            let refused = try await gateway.admin("POST", "/admin/v1/reload")
            #expect(refused.status == 422)
            let said: Refused = try Self.read(refused)
            #expect(said.errors.map(\.path) == ["gateway.durability"])
        }
    }
}
