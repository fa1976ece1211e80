extension SourceRule {
    /// Calls and words that are not used, and what stands in their place.
    static let calls = [
        SourceRule(
            "No `try!`: errors are handled or passed on",
            breaking: [Example("Sources/A/A.swift", "let a = try! f()")],
            harmless: [
                Example("Sources/A/A.swift", "let a = try? f() // try!\nlet b = \"try!\"\n#expect(try !b())")
            ]
        ) { words("try", before: "!", in: $0) },
        SourceRule(
            "No `as!`: types are checked",
            breaking: [Example("Sources/A/A.swift", "let a = b as! C")],
            harmless: [Example("Sources/A/A.swift", "let a = b as? C")]
        ) { words("as", before: "!", in: $0) },
        SourceRule(
            "No `fatalError`: a mistake of ours is a `precondition` with a sentence",
            breaking: [Example("Sources/A/A.swift", "fatalError(\"no\")")],
            harmless: [Example("Sources/A/A.swift", "precondition(a, \"fatalError(\")")]
        ) { isBenchmark($0) ? [] : words("fatalError", before: "(", in: $0) },
        SourceRule(
            "No `print`: the log speaks, or `StandardStreams`",
            breaking: [Example("Sources/A/A.swift", "print(a)")],
            harmless: [Example("Sources/A/A.swift", "a.print(b)\nlet footprint = 1")]
        ) { isBenchmark($0) ? [] : words("print", before: "(", in: $0) },
        SourceRule(
            "No `Task.detached`: tasks are structured",
            breaking: [Example("Sources/A/A.swift", "Task.detached { }")]
        ) { members("detached", of: "Task", in: $0) },
        SourceRule(
            "No task without a group around it",
            breaking: [
                Example("Sources/A/A.swift", "Task { await a() }"),
                Example("Sources/A/A.swift", "let a = Task(priority: .low) { await b() }"),
            ],
            harmless: [Example("Sources/A/A.swift", "group.addTask { }\ntry await Task.sleep(for: a)")]
        ) { $0.isProduct ? words("Task", before: "{", in: $0) + words("Task", before: "(", in: $0) : [] },
        SourceRule(
            "No dispatch queues: event loops, named threads, services",
            breaking: [Example("Sources/A/A.swift", "DispatchQueue.global().async { }")]
        ) { words("DispatchQueue", in: $0) },
        SourceRule(
            "No sleeping in tests: a manual clock, or an awaited event",
            breaking: [
                Example("Tests/ATests/A.swift", "try await Task.sleep(for: .seconds(1))"),
                Example("Tests/ATests/A.swift", "usleep(1000)"),
            ],
            harmless: [
                Example("Tests/ATests/A.swift", "case sleep(until: Int64)\n#expect(a == .sleep(until: 1))")
            ]
        ) { source in
            guard !source.isProduct, !isBenchmark(source), !mayPoll.contains(source.path) else { return [] }
            return ["sleep", "usleep", "nanosleep"].flatMap { words($0, before: "(", in: source) }
                + members("sleep", of: "Task", in: source)
        },
        SourceRule(
            "Full Foundation stays out; FoundationEssentials where dates, files or ids are needed",
            breaking: [Example("Sources/A/A.swift", "internal import Foundation")],
            harmless: [Example("Sources/A/A.swift", "internal import FoundationEssentials")]
        ) { source in
            guard !mayImportFoundation(source.path) else { return [] }
            return source.imports.filter { $0.module == "Foundation" }.map {
                Finding(path: source.path, line: $0.line, words: "import Foundation")
            }
        },
    ]

    /// Tests that wait for another process, which no event announces, and poll it.
    private static let mayPoll: Set<String> = []

    /// Tests may use what the product may not carry: processes, regular expressions, formatting.
    private static func mayImportFoundation(_ path: String) -> Bool {
        path.hasPrefix("Tests/")
    }

    /// Benchmarks are programs of their own: they print, and end where something is wrong.
    private static func isBenchmark(_ source: SwiftSource) -> Bool {
        source.path.hasPrefix("Tests/Benchmarks/")
    }

    /// Where a word stands as a name of its own: not as a member of something (`a.print`), if a mark must
    /// follow.
    static func words(_ word: String, before mark: String? = nil, in source: SwiftSource) -> [Finding] {
        let tokens = source.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].isWord(word) else { return nil }
            if let mark {
                guard index + 1 < tokens.count, tokens[index + 1].isMark(mark) else { return nil }
                if mark == "!", tokens[index + 1].followsSpace { return nil }
                let isMember = index > 0 && tokens[index - 1].isMark(".")
                let isDeclared =
                    index > 0 && (tokens[index - 1].isWord("func") || tokens[index - 1].isWord("case"))
                if isMember && mark != "!" || isDeclared { return nil }
            }
            return Finding(path: source.path, line: tokens[index].line, words: "'\(word)\(mark ?? "")'")
        }
    }

    /// Where a member of something named is used: `Task.sleep`.
    private static func members(_ member: String, of owner: String, in source: SwiftSource) -> [Finding] {
        let tokens = source.tokens
        return tokens.indices.dropFirst(2).compactMap { index in
            guard tokens[index].isWord(member), tokens[index - 1].isMark("."), tokens[index - 2].isWord(owner)
            else { return nil }
            return Finding(path: source.path, line: tokens[index].line, words: "'\(owner).\(member)'")
        }
    }
}
