import Foundation

/// The fixtures of this suite, and the short spellings in them: `‹700·abcd›` is a text repeated, `«name»` a
/// text of `words.txt`.
enum GoldenWords {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../Fixtures/injection")
        .standardized

    /// The files that hold cases.
    static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".txt") && $0 != "words.txt" }.sorted()

    static func text(of file: String) -> String {
        (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
    }

    private static let words: [String: String] = {
        let lines = text(of: "words.txt").components(separatedBy: "\n")
        let pairs = lines.compactMap { line -> (String, String)? in
            guard !line.hasPrefix("#"), let middle = line.firstRange(of: " = ") else { return nil }
            return (String(line[..<middle.lowerBound]), String(line[middle.upperBound...]))
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    /// A text without short spellings; one that is unknown stays.
    static func filled(_ text: String) -> String {
        let named = text.replacing(/«([^»]+)»/) { match in words[String(match.1)] ?? String(match.0) }
        return named.replacing(/‹([0-9]+)·([^›]*)›/) { match in
            String(repeating: String(match.2), count: Int(match.1) ?? 0)
        }
    }
}
