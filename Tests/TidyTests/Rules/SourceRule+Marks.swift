extension SourceRule {
    /// Words that ask for a reason, or for a place of their own.
    static let marks = [
        SourceRule(
            "What is to be done stands in an issue, not in a comment",
            breaking: [
                Example("Sources/A/A.swift", "// TODO: mend\nlet a = 1"),
                Example("Sources/A/A.swift", "let a = 1 /* FIXME */"),
            ],
            harmless: [Example("Sources/A/A.swift", "// A todo list.\nlet a = 1")]
        ) { source in
            source.comments.compactMap { comment in
                let marks = ["TODO", "FIXME", "XXX", "HACK"]
                guard let mark = marks.first(where: { comment.text.contains($0) }) else { return nil }
                return Finding(path: source.path, line: comment.line, words: "'\(mark)'")
            }
        },
        SourceRule(
            "What the compiler does not check has its reason beside it",
            breaking: [
                Example("Sources/A/A.swift", "import B\n\n\nfinal class A: @unchecked Sendable {}"),
                Example("Sources/A/A.swift", "import B\n\n\nnonisolated(unsafe) var a = 1"),
            ],
            harmless: [
                Example(
                    "Sources/A/A.swift", "/// Only its thread writes.\nfinal class A: @unchecked Sendable {}")
            ]
        ) { source in
            let found =
                words("@unchecked", in: source)
                + words("nonisolated", before: "(", in: source).filter { finding in
                    source.tokens.contains { $0.line == finding.line && $0.isWord("unsafe") }
                }
            return found.filter { !source.hasComment(near: $0.line) }
        },
        SourceRule(
            "`unsafe` stays where C begins",
            breaking: [
                Example("Sources/MemoryCore/A.swift", "let a = unsafe b.withUnsafeBytes { unsafe $0 }")
            ],
            harmless: [
                Example("Sources/CurlUpstream/A.swift", "unsafe a()"),
                Example("Sources/A/A.swift", "case unsafe\nretry: .unsafe"),
            ]
        ) { source in
            guard !mayBeUnsafe.contains(where: { source.path.hasPrefix($0) }) else { return [] }
            let tokens = source.tokens
            let found = tokens.indices.filter { index in
                guard tokens[index].isWord("unsafe") || tokens[index].isWord("@unsafe") else { return false }
                guard index > 0 else { return true }
                return !tokens[index - 1].isMark(".") && !tokens[index - 1].isWord("case")
            }
            return found.prefix(1).map {
                Finding(path: source.path, line: tokens[$0].line, words: "'unsafe'")
            }
        },
    ]

    /// Where C functions and bare pointers are wrapped. Every other place has its reason here.
    private static let mayBeUnsafe = [
        "Sources/LMDBMemoryStore/LMDB/",
        "Sources/CurlUpstream/",
        "Sources/SystemCalls/",
        "Sources/Gzip/",
        "Sources/Digests/",
        // write(2) on standard output and error.
        "Sources/GatewayAssembly/Commands/StandardStreams.swift",
        // Tests call the engine's C library, sockets and processes where they stand.
        "Tests/",
    ]
}
