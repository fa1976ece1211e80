extension SourceRule {
    /// Comments that readers of other targets rely on.
    static let documentation = [
        SourceRule(
            "Every public and package declaration is documented",
            breaking: [
                Example("Sources/A/A.swift", "public struct A {}"),
                Example("Sources/A/A.swift", "/// A.\npublic struct A {\n    package let b: Int\n}"),
                Example("Sources/A/A.swift", "/// A.\n\npublic final class A {}"),
                Example("Sources/A/A.swift", "// A.\n@safe public func a() {}"),
                Example("Sources/A/A.swift", "/// A.\npublic protocol A {\n    func b()\n}"),
                Example("Sources/A/A.swift", "/// A.\npackage enum A {\n    case b\n}"),
            ],
            harmless: [
                Example("Sources/A/A.swift", "/// A.\n@safe\npublic struct A {\n    let b: Int\n}"),
                Example("Sources/A/A.swift", "public import B\npackage import C"),
                Example("Sources/A/A.swift", "/// A.\npackage enum A {\n    /// B.\n    case b, c\n}"),
                Example("Sources/A/A.swift", "/// A.\npackage private(set) var a = 1"),
                Example("Tests/ATests/A.swift", "public struct A {}"),
            ]
        ) { source in
            source.isProduct ? Declarations.undocumented(in: source) : []
        }
    ]
}

/// Finds declarations that other targets see.
enum Declarations {
    /// Those without a comment.
    static func undocumented(in source: SwiftSource) -> [Finding] {
        let documented = Set(source.comments.filter(\.isDocumentation).map(\.line))
        return visible(in: source.tokens).compactMap { index in
            let token = source.tokens[index]
            let start = firstLine(source, of: index)
            if documented.contains(start - 1) { return nil }
            return Finding(path: source.path, line: token.line, words: "no documentation comment")
        }
    }

    private enum Members {
        case cases, requirements, others
    }

    /// Where declarations begin that are public or package, and the requirements and cases of such types.
    private static func visible(in tokens: [Token]) -> [Int] {
        var found: [Int] = []
        var open: [Members] = []
        var pending = Members.others
        for index in tokens.indices {
            if tokens[index].isMark("{") {
                open.append(pending)
                pending = .others
            } else if tokens[index].isMark("}") {
                _ = open.popLast()
            } else if isAccess(tokens, index) {
                found.append(index)
                pending = members(tokens, index)
            } else if tokens[index].isFirstOnLine, isMember(tokens[index], of: open.last ?? .others) {
                found.append(index)
            }
        }
        return found
    }

    private static func isMember(_ token: Token, of members: Members) -> Bool {
        switch members {
        case .cases: token.isWord("case") || token.isWord("indirect")
        case .requirements:
            ["func", "var", "init", "static", "associatedtype", "mutating"].contains(token.text)
        case .others: false
        }
    }

    /// `public` or `package` at a declaration: not of an import, not of a setter, not of the manifest's
    /// members.
    private static func isAccess(_ tokens: [Token], _ index: Int) -> Bool {
        guard tokens[index].isWord("public") || tokens[index].isWord("package") else { return false }
        guard index + 1 < tokens.count, tokens[index + 1].kind == .word else { return false }
        let next = tokens[index + 1]
        guard next.line == tokens[index].line, !next.isWord("import"), !next.isWord("extension") else {
            return false
        }
        return index == 0 || !tokens[index - 1].isMark(".")
    }

    /// Enumerations' cases and protocols' requirements have no access level of their own.
    private static func members(_ tokens: [Token], _ index: Int) -> Members {
        let line = tokens[index...].prefix { $0.line == tokens[index].line }
        if line.contains(where: { $0.isWord("enum") }) { return .cases }
        return line.contains { $0.isWord("protocol") } ? .requirements : .others
    }

    /// The line on which a declaration begins, attributes above it included.
    private static func firstLine(_ source: SwiftSource, of index: Int) -> Int {
        var line = source.tokens[index].line
        while let above = source.tokens.first(where: { $0.line == line - 1 && $0.isFirstOnLine }),
            above.text.hasPrefix("@")
        {
            line -= 1
        }
        return line
    }
}
