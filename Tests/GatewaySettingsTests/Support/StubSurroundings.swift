import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins

/// Variables and files that exist in a test only.
struct StubSurroundings: Surroundings {
    var variables: [String: String] = [:]
    var files: [String: [UInt8]] = [:]
    var refusals: [String: UnreadableFile] = [:]

    func variable(_ name: String) -> String? { variables[name] }

    func contents(ofFile path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
        if let refusal = refusals[path] { throw refusal }
        guard let bytes = files[path] else { throw .missing }
        guard bytes.count <= limit else { throw .tooLong }
        return bytes
    }
}

extension StubSurroundings {
    /// A plugins.json and variables.
    init(_ json: String, _ variables: [String: String] = [:]) {
        self.init(variables: variables, files: ["plugins.json": Array(json.utf8)])
    }
}

extension Configuration {
    /// The configuration of a plugins.json.
    static func of(
        _ json: String, _ variables: [String: String] = [:], flags: SettingsFlags = SettingsFlags()
    ) throws(ConfigurationFaults) -> Configuration {
        try load(plugins: .standard, flags: flags, surroundings: StubSurroundings(json, variables))
    }

    /// The lines that a faulty plugins.json gets.
    static func faults(_ json: String, _ variables: [String: String] = [:]) -> [String] {
        do {
            _ = try of(json, variables)
            return []
        } catch {
            return error.lines
        }
    }
}
