import Foundation
import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

/// One faulty configuration and the lines it gets, from `Tests/Fixtures/settings/faults.txt`.
///
/// A case begins with `=== title`, goes on with lines `env NAME=value`, `file /path=content`, `flag
/// --name=value`,
/// `own address`, then the plugins.json, and ends behind `---` with the expected lines.
struct FaultCase: Sendable, CustomTestStringConvertible {
    var title = ""
    var json = ""
    var expected: [String] = []
    var surroundings = StubSurroundings()
    var flags = SettingsFlags()
    var ownNames: [String] = []

    var testDescription: String { title }

    /// The lines that the configuration gets; none where it is taken.
    var lines: [String] {
        var surroundings = surroundings
        surroundings.files["plugins.json"] = Array(json.utf8)
        do {
            _ = try Configuration.load(
                plugins: .standard, flags: flags, surroundings: surroundings, ownNames: ownNames)
            return []
        } catch {
            return error.lines
        }
    }

    /// All cases of the file.
    static let all: [FaultCase] = {
        let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/settings/faults.txt")
            .standardized
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return ("\n" + text).components(separatedBy: "\n=== ").dropFirst().map(FaultCase.init)
    }()

    private init(_ text: String) {
        let parts = text.components(separatedBy: "\n---")
        var lines = parts[0].components(separatedBy: "\n")[...]
        title = lines.removeFirst()
        while let line = lines.first, take(line) { lines.removeFirst() }
        json = lines.joined(separator: "\n")
        expected = parts[1].components(separatedBy: "\n").filter { !$0.isEmpty }
    }

    private mutating func take(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2, ["env", "file", "flag", "own"].contains(words[0]) else { return false }
        let pair = words[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let value = pair.last?.replacing("\\n", with: "\n") ?? ""
        switch (words[0], pair[0]) {
        case ("env", let name): surroundings.variables[name] = value
        case ("file", let path): surroundings.files[path] = Array(value.utf8)
        case ("own", let address): ownNames.append(address)
        case ("flag", "--listen"): flags.listen = value
        case ("flag", "--upstream"): flags.upstream = value
        case ("flag", "--config"): flags.config = value
        default: Issue.record("an unknown line: \(line)")
        }
        return true
    }
}
