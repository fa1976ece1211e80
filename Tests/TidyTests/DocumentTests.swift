import Testing

@Suite("Documents")
struct DocumentTests {
    @Test func `The README ends at 200 lines`() throws {
        let text = try #require(Repository.text(of: "README.md"))
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
    }

    @Test func `Architecture.md names every target, those of tests and benchmarks too`() throws {
        let words = Documents.codeWords(in: try #require(Repository.text(of: Documents.architecture)))
        for target in Manifest.committed.targets {
            #expect(words.contains(target.name), "\(target.name)")
        }
    }

    @Test func `Architecture.md names no target that is not there`() throws {
        let words = Documents.codeWords(in: try #require(Repository.text(of: Documents.architecture)))
        let known = Set(Manifest.committed.targets.map(\.name))
        for word in words where word.hasSuffix("Tests") || word.hasSuffix("Benchmark") {
            #expect(known.contains(word), "\(word)")
        }
    }

    @Test func `The plugin in WritingAPlugin.md is the one that a test runs`() throws {
        let page = try #require(Repository.text(of: Documents.catalogue + "/WritingAPlugin.md"))
        let plugin = try #require(Repository.text(of: "Tests/GatewayTests/Plugins/RoundCounter.swift"))
        #expect(page.contains("```swift\n\(plugin)```"))
    }

    @Test func `Every link leads to a file`() {
        for path in Documents.all {
            for link in Documents.localLinks(in: Repository.text(of: path) ?? "") {
                #expect(Repository.holds(Documents.resolve(link, from: path)), "\(path): \(link)")
            }
        }
    }

    @Test func `Links are read and resolved`() {
        #expect(Documents.localLinks(in: "[a](b.md#c), [d](https://e), [f](../g)") == ["b.md", "../g"])
        #expect(Documents.resolve("../g/h.md", from: "a/b/c.md") == "a/g/h.md")
    }

    @Test func `Decision records are numbered without gaps and have their three parts`() throws {
        let records = Repository.files(under: [Documents.catalogue + "/Decisions"], endingIn: [".md"])
        #expect(!records.isEmpty)
        for (index, path) in records.enumerated() {
            let name = try #require(path.split(separator: "/").last)
            #expect(Int(name.prefix(4)) == index + 1, "\(path)")
            let text = try #require(Repository.text(of: path))
            for part in ["## Context", "## Decision", "## Consequences"] {
                #expect(text.contains(part), "\(path): \(part)")
            }
        }
    }

    @Test(arguments: ["README.md", ".ci/run", "Package.swift", "plugins.json", ".swift-format", "LICENSE"])
    func `No file at the top names a place on somebody's machine`(path: String) throws {
        #expect(MachinePaths.lines(in: try #require(Repository.text(of: path))).isEmpty)
    }

    @Test func `No file names a place on somebody's machine`() {
        for path in Repository.files(under: ["Sources", "Tests"]) {
            guard let text = Repository.text(of: path) else { continue }
            let lines = MachinePaths.lines(in: text)
            #expect(lines.isEmpty, "\(path): \(lines)")
        }
    }

    @Test func `Places on a machine are found, and nothing that looks alike`() {
        for place in MachinePaths.places {
            #expect(MachinePaths.lines(in: "a\nfrom \(place)/b") == [2])
            #expect(MachinePaths.lines(in: "\"\(place)\"") == [1])
        }
        #expect(MachinePaths.lines(in: "net/\("work")/a\n/\("work")er\n\("work")/b").isEmpty)
    }
}

/// Places that exist on one machine only.
enum MachinePaths {
    /// Written in parts, so that this file names none.
    static let places = ["work", "root", "opt/swift", "home"].map { "/" + $0 }

    /// The lines, from 1, that name one.
    static func lines(in text: String) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { line in places.contains { names($0, line.element) } }.map { $0.offset + 1 }
    }

    private static func names(_ place: String, _ line: Substring) -> Bool {
        let bytes = Array(line.utf8)
        let wanted = Array(place.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { start in
            bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted)
                && (start == 0 || !isWord(bytes[start - 1]))
                && (start + wanted.count == bytes.count || !isWord(bytes[start + wanted.count]))
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "$"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
