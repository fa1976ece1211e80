import Foundation
import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Settings in the documents")
struct SettingsTableTests {
    @Test func `The table of Operations.md is the one that the declarations make`() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent()
            .appending(path: "Sources/GatewayAssembly/Documentation.docc/Operations.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let table = Configuration.schema(.standard).markdownTable
        let isCurrent = text.contains("\n\n\(table)\n")
        #expect(isCurrent, "Put this table into Operations.md:\n\(table)")
    }
}
