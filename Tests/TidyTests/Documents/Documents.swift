/// The documents, by their paths.
enum Documents {
    static let catalogue = "Sources/GatewayAssembly/Documentation.docc"
    static let architecture = catalogue + "/Architecture.md"
    static let operations = catalogue + "/Operations.md"

    /// All that a reader may open: the README, the catalogue, the notes beside tests and tools.
    static let all = ["README.md"] + Repository.files(under: ["Sources", "Tests"], endingIn: [".md"])

    /// The targets of links in Markdown, those to other sites left out.
    static func localLinks(in markdown: String) -> [String] {
        var links: [String] = []
        var rest = markdown[...]
        while let opening = rest.range(of: "](") {
            rest = rest[opening.upperBound...]
            guard let end = rest.firstIndex(of: ")") else { break }
            let link = rest[..<end].prefix { $0 != "#" }
            if !link.isEmpty, !link.contains("://"), !link.contains(" ") { links.append(String(link)) }
        }
        return links
    }

    /// The names in a document's code marks.
    static func codeWords(in markdown: String) -> Set<String> {
        Set(
            markdown.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) })
    }

    /// A path relative to the folder of another, `..` resolved.
    static func resolve(_ link: String, from path: String) -> String {
        var steps = path.split(separator: "/").dropLast().map(String.init)
        for step in link.split(separator: "/") {
            if step == ".." { _ = steps.popLast() } else if step != "." { steps.append(String(step)) }
        }
        return steps.joined(separator: "/")
    }
}

extension Substring {
    /// Where a text stands first.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
