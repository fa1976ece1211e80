/// Package.swift, as far as rules ask about it.
struct Manifest: Sendable {
    /// One target.
    struct Target: Sendable {
        let name: String
        /// `target`, `executableTarget`, `systemLibrary`, `testTarget`.
        let kind: String
        /// Names of targets and of products.
        let dependencies: Set<String>
    }

    let targets: [Target]
    /// What stands in each `.package(…)`.
    let packages: [[Token]]

    /// The manifest as it is committed.
    static let committed = Manifest(Repository.text(of: "Package.swift") ?? "")

    init(_ text: String) {
        let tokens = Lexer(text).tokens
        let products = Self.products(tokens)
        targets = ["target", "executableTarget", "systemLibrary", "testTarget"].flatMap { kind in
            Self.calls(kind, in: tokens).compactMap { Self.target(kind, $0, products) }
        }
        packages = Self.calls("package", in: tokens)
    }

    /// The arguments of each `.name(…)`.
    private static func calls(_ name: String, in tokens: [Token]) -> [[Token]] {
        tokens.indices.dropFirst().compactMap { index in
            guard tokens[index].isWord(name), tokens[index - 1].isMark("."), index + 1 < tokens.count,
                tokens[index + 1].isMark("(")
            else { return nil }
            return inside(tokens, from: index + 1)
        }
    }

    /// The tokens between a bracket and the one that closes it.
    private static func inside(_ tokens: [Token], from opening: Int) -> [Token] {
        var depth = 0
        var inside: [Token] = []
        for token in tokens[opening...] {
            if token.isMark("(") || token.isMark("[") { depth += 1 }
            if token.isMark(")") || token.isMark("]") { depth -= 1 }
            if depth == 0 { break }
            inside.append(token)
        }
        return Array(inside.dropFirst())
    }

    private static func target(_ kind: String, _ tokens: [Token], _ products: [String: String]) -> Target? {
        guard let name = literal(after: "name", in: tokens) else { return nil }
        var dependencies: Set<String> = []
        if let start = tokens.firstIndex(where: { $0.isWord("dependencies") }), start + 2 < tokens.count {
            let list = inside(tokens, from: start + 2)
            for (index, token) in list.enumerated() {
                if token.kind == .text { dependencies.insert(token.text.unquoted) }
                if token.kind == .word, index > 0, list[index - 1].isMark("."),
                    let product = products[token.text]
                {
                    dependencies.insert(product)
                }
            }
        }
        return Target(name: name, kind: kind, dependencies: dependencies)
    }

    /// `static let nioCore = Self.product(name: "NIOCore", …)`: nioCore → NIOCore.
    private static func products(_ tokens: [Token]) -> [String: String] {
        var products: [String: String] = [:]
        for index in tokens.indices.dropLast(2)
        where tokens[index].isWord("static") && tokens[index + 1].isWord("let") {
            let rest = Array(tokens[(index + 2)...])
            guard let product = literal(after: "name", in: rest) else { continue }
            products[tokens[index + 2].text] = product
        }
        return products
    }

    private static func literal(after label: String, in tokens: [Token]) -> String? {
        guard let index = tokens.firstIndex(where: { $0.isWord(label) }), index + 2 < tokens.count,
            tokens[index + 2].kind == .text
        else { return nil }
        return tokens[index + 2].text.unquoted
    }

    /// Packages that are not pinned to one version.
    var unpinned: [String] {
        packages.filter { tokens in !tokens.contains { $0.isWord("exact") } }.map { tokens in
            tokens.map(\.text).joined()
        }
    }
}

extension String {
    fileprivate var unquoted: String {
        split(separator: "\"").joined()
    }
}
