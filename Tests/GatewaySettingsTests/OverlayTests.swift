import GatewaySettings
import MemoryCore
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("The overlay of the data folder")
struct OverlayTests {
    private static func load(
        _ file: String, overlay: String, at path: String = "var/overlay.json",
        _ variables: [String: String] = [:], flags: SettingsFlags = SettingsFlags()
    ) throws(ConfigurationFaults) -> Configuration {
        var surroundings = StubSurroundings(file, variables)
        surroundings.files[path] = Array(overlay.utf8)
        return try .load(plugins: .standard, flags: flags, surroundings: surroundings)
    }

    private static func faults(
        _ file: String, overlay: String, _ variables: [String: String] = [:]
    ) -> [String] {
        do {
            _ = try load(file, overlay: overlay, variables)
            return []
        } catch {
            return error.lines
        }
    }

    @Test func `It wins over the file, a flag and a variable over it`() throws {
        let file = #"{"gateway": {"drain": "1s", "listen": "127.0.0.1:1"}, "limits": {"depth": 10}}"#
        let overlay = #"{"gateway": {"drain": "2s", "listen": "127.0.0.1:2"}}"#
        let plain = try Self.load(file, overlay: overlay)
        #expect(plain.gateway.drain == .seconds(2) && plain.gateway.listen.port == 2)
        #expect(plain.limits.depth == 10)
        let byVariable = try Self.load(file, overlay: overlay, ["MEMGATE_LISTEN": "127.0.0.1:3"])
        #expect(byVariable.gateway.listen.port == 3)
        var flags = SettingsFlags()
        flags.listen = "127.0.0.1:4"
        #expect(try Self.load(file, overlay: overlay, flags: flags).gateway.listen.port == 4)
    }

    @Test func `It lies in the data folder that file, variable or flag names`() throws {
        let file = #"{"gateway": {"data": "elsewhere"}}"#
        let overlay = #"{"gateway": {"drain": "2s"}}"#
        let found = try Self.load(file, overlay: overlay, at: "elsewhere/overlay.json")
        #expect(found.gateway.drain == .seconds(2))
        #expect(try Self.load(file, overlay: overlay).gateway.drain == .seconds(30))
        var flags = SettingsFlags()
        flags.data = "third"
        let byFlag = try Self.load(file, overlay: overlay, at: "third/overlay.json", flags: flags)
        #expect(byFlag.gateway.drain == .seconds(2))
    }

    @Test func `Lists merge by name and by plugin, others are replaced, null takes away`() throws {
        let file = """
            {"upstreams": [{"name": "a", "url": "http://a/v1", "models": ["x"], "retries": 3},
                           {"name": "b", "url": "http://b/v1"}],
             "policies": {"bot": {"context": {"maxTokens": 100}}},
             "plugins": [{"use": "recent-window", "settings": {"rounds": 5, "messages": 7}}]}
            """
        let overlay = """
            {"upstreams": [{"name": "b", "retries": 7}, {"name": "c", "url": "http://c/v1"},
                           {"name": "a", "models": ["y", "z"], "retries": null}],
             "policies": {"bot": null, "other": {}},
             "plugins": [{"use": "recent-window", "settings": {"rounds": 9, "messages": null}},
                         {"use": "standing-summaries"}]}
            """
        let found = try Self.load(file, overlay: overlay)
        #expect(found.upstreams.map(\.name) == ["a", "b", "c"])
        #expect(found.upstreams.map(\.retries) == [1, 7, 1])
        #expect(found.upstreams[0].models == ["y", "z"])
        #expect(Set(found.policies.keys) == ["default", "buffer", "companion", "other"])
        #expect(found.defaultPolicy.chain.map(\.name) == ["recent-window", "standing-summaries"])
        let window = try #require(found.defaultPolicy.chain[0].plugin as? any WindowHook).window
        #expect(window.rounds == 9 && window.messages == 0)
    }

    @Test func `An empty list takes everything of a list away`() throws {
        let found = try Self.load(
            #"{"gateway": {"hosts": ["a.example"]}}"#, overlay: #"{"gateway": {"hosts": []}}"#)
        #expect(found.gateway.hosts.isEmpty)
    }

    @Test func `Faults in it are faults: JSON, values, new references, the folder itself`() {
        #expect(
            Self.faults("{}", overlay: "{").first?.hasPrefix("var/overlay.json:1:2: found the end") == true)
        #expect(Self.faults("{}", overlay: "[]").first?.hasPrefix("var/overlay.json: found a list") == true)
        let value = Self.faults("{}", overlay: #"{"limits": {"depth": 1}}"#)
        #expect(value.first?.hasPrefix("limits.depth: found the number 1") == true)
        let key = #"{"upstreams": [{"name": "main", "url": "http://a/v1", "key": "$env:A"}]}"#
        let secrets = ["A": "one", "B": "two"]
        #expect(Self.faults(key, overlay: key, secrets) == [])
        let other = #"{"upstreams": [{"name": "main", "key": "$env:B"}]}"#
        #expect(Self.faults(key, overlay: other, secrets).first?.contains("\"$env:B\"; allowed is") == true)
        let data = Self.faults("{}", overlay: #"{"gateway": {"data": "x"}}"#)
        #expect(data.first?.contains("gateway.data, which says where this file lies") == true)
    }

    @Test func `What needs a restart is told by its paths`() throws {
        let file = #"{"store": {"maxBytes": "1GiB"}, "gateway": {"listen": "127.0.0.1:1"}}"#
        let old = try Configuration.of("{}")
        #expect(
            old.settingsThatNeedARestart(to: try .of(file)) == ["gateway.listen", "store.maxBytes"])
        #expect(old.settingsThatNeedARestart(to: try .of(#"{"limits": {"depth": 9}}"#)) == [])
    }
}
