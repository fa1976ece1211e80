package import GatewaySettings
package import PluginInterface
internal import SettingsSchema
internal import StandardPlugins

/// How a test's gateway is set up: members of plugins.json as text, and which store it has.
package struct GatewayRecipe: Sendable {
    /// Which store is behind the gate.
    package enum Engine: Sendable {
        /// The one in memory.
        case memory
        /// LMDB in a folder of the test's own.
        case lmdb
    }

    /// Members of `gateway`, such as `"drain":"1s"`.
    package var gateway = ""
    /// Where the admin side listens.
    package var admin = "127.0.0.1:0"
    /// Members of `limits`.
    package var limits = ""
    /// Members of the default policy.
    package var policy = ""
    /// Members of the upstream, besides its address.
    package var upstream = ""
    /// Further upstreams, each an object, with a comma in front.
    package var furtherUpstreams = ""
    /// Further policies, members with a comma in front.
    package var policies = ""
    /// The chain, as it stands behind `"plugins":`; nil for none.
    package var chain: String?
    /// What a chain may use.
    package var plugins = PluginCatalogue.standard
    /// Members of `models`.
    package var models = ""
    /// Keys, objects with commas between.
    package var keys = ""
    /// The upstream's path.
    package var base = "/v1"
    /// The upstream's scheme and host, where its port is not at plain `127.0.0.1`.
    package var origin = "http://127.0.0.1"
    /// Event loops.
    package var loops = 1
    /// Whether work is done behind the chats: it sends requests of its own, which few tests expect. Where
    /// `models` are set it is done too.
    package var works = false
    /// Its wall clock, where it goes on with that of another gateway.
    package var wall: WallTime?
    /// The environment.
    package var variables: [String: String] = [:]
    /// The store.
    package var engine = Engine.memory

    /// The defaults.
    package init(
        gateway: String = "", limits: String = "", policy: String = "", upstream: String = "",
        base: String = "/v1",
        engine: Engine = .memory
    ) {
        self.gateway = gateway
        self.limits = limits
        self.policy = policy
        self.upstream = upstream
        self.base = base
        self.engine = engine
    }

    /// The settings, checked as those of a real start are.
    package func configuration(
        upstreamPort: Int, folder: String
    ) throws(ConfigurationFaults) -> Configuration {
        let members =
            [
                #""gateway":{"listen":"127.0.0.1:0","admin":"\#(admin)","data":"\#(folder)""#
                    + "\(Self.more(gateway))}",
                #""limits":{\#(limits)}"#,
                #""policies":{"default":{\#(policy)}\#(policies)}"#,
                #""upstreams":[{"name":"main","url":"\#(origin):\#(upstreamPort)\#(base)""#
                    + "\(Self.more(upstream))}\(furtherUpstreams)]",
                #""keys":[\#(keys)]"#,
                #""models":{\#(models)}"#,
            ]
            + [#""plugins":\#(chain ?? Self.patientChain)"#]
        let json = "{" + members.joined(separator: ",") + "}"
        return try Configuration.load(
            plugins: plugins, surroundings: OneFile(json: json, variables: variables))
    }

    /// The default chain, which a busy machine does not make too late.
    private static let patientChain =
        #"[{"use":"standing-summaries","timeout":"60s"},{"use":"recent-window","timeout":"60s"}]"#

    private static func more(_ members: String) -> String { members.isEmpty ? "" : "," + members }

    /// One file; all others are empty.
    private struct OneFile: Surroundings {
        let json: String
        let variables: [String: String]

        func variable(_ name: String) -> String? { variables[name] }

        func contents(ofFile path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
            if path.hasSuffix("overlay.json") { throw .missing }
            guard path == "plugins.json" else { return [] }
            return Array(json.utf8)
        }
    }
}
