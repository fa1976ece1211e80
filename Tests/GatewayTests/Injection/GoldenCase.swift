import Foundation
import Testing

/// What a client sends, what the store holds, what is set, and the upstream's body byte for byte: one case of
/// `Tests/Fixtures/injection`, whose README says how it is written.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    /// A request, and what becomes of it.
    struct Step: Sendable {
        /// What the store takes in before it.
        var store: [SeededSession] = []
        /// Fields of this request, each with its line's end.
        var fields = ""
        var request = ""
        /// The body that goes up.
        var upstream = ""
        /// `X-Memory-Injected`, a bar, `X-Memory-Status`.
        var said = ""
    }

    /// The file it stands in.
    var file = ""
    var title = ""
    /// Members of `gateway`, of the default policy and of the upstream, and further policies.
    var settings: [String: String] = [:]
    /// Settings of the chain's two plugins.
    var plugins: [String: String] = [:]
    /// Plugins that the chain has.
    var chain = ["standing-summaries", "recent-window"]
    /// Fields of every request.
    var fields = "X-Session-Id: s\r\nX-User-Id: anna\r\n"
    /// Whether the sessions were silent for long.
    var isCold = false
    var steps: [Step] = []

    var testDescription: String { "\(file): \(title)" }

    /// All cases of all files.
    static let all: [GoldenCase] = GoldenWords.files.flatMap { file in
        ("\n" + GoldenWords.text(of: file)).components(separatedBy: "\n=== ").dropFirst()
            .map { GoldenCase(file, $0) }
    }

    private init(_ file: String, _ text: String) {
        self.file = file
        var sections = text.components(separatedBy: "\n--- ")
        var lines = sections.removeFirst().components(separatedBy: "\n")
        title = lines.removeFirst()
        var store = take(lines)
        for section in sections {
            var parts = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
                .map(String.init)
            let words = parts.removeFirst().split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "store": store = take(parts.joined().components(separatedBy: "\n"))
            case "request":
                let fields = rest.isEmpty ? "" : rest + "\r\n"
                steps.append(Step(store: store, fields: fields, request: GoldenWords.filled(parts.joined())))
                store = []
            case "upstream":
                let asItIs = rest == "as it is"
                let body = asItIs ? steps[steps.count - 1].request : GoldenWords.filled(parts.joined())
                steps[steps.count - 1].upstream = body
            case "said": steps[steps.count - 1].said = rest
            default: Issue.record("\(testDescription): an unknown section: \(words[0])")
            }
        }
    }

    /// Takes lines of settings and of the store.
    private mutating func take(_ lines: [String]) -> [SeededSession] {
        var store: [SeededSession] = []
        for line in lines where !line.isEmpty && !line.hasPrefix("#") {
            if line.hasPrefix(" ") {
                store[store.count - 1].add(GoldenWords.filled(String(line.dropFirst())))
                continue
            }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "gateway", "policy", "policies", "upstream": settings[words[0]] = rest
            case "standing-summaries", "recent-window": plugins[words[0]] = rest
            case "chain": chain = rest.components(separatedBy: " ")
            case "fields": fields = rest.components(separatedBy: "; ").map { $0 + "\r\n" }.joined()
            case "cold": isCold = true
            case "round", "summary": store.append(SeededSession(words[0], GoldenWords.filled(rest)))
            default: Issue.record("\(testDescription): an unknown line: \(line)")
            }
        }
        return store
    }
}
