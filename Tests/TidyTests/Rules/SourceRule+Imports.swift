extension SourceRule {
    /// Who may know whom.
    static let imports = [
        SourceRule(
            "A target imports what the table of Architecture.md lets it",
            breaking: [
                Example("Sources/MemoryCore/A.swift", "internal import NIOPosix"),
                Example("Sources/ChatWire/A.swift", "public import MemoryStore"),
                Example("Sources/ExchangePipeline/A.swift", "import NIOHTTP1"),
                Example("Sources/LMDBMemoryStore/A.swift", "import CurlUpstream"),
                Example("Sources/JSONBytes/A.swift", "@_spi(_Unicode) import Darwin"),
                Example("Sources/NoSuchTarget/A.swift", "import JSONBytes"),
            ],
            harmless: [
                Example(
                    "Sources/MemoryCore/A.swift", "public import ChatWire\nimport struct NIOCore.ByteBuffer"),
                Example("Sources/GatewayAssembly/A.swift", "internal import CurlUpstream"),
            ]
        ) { source in
            guard source.isProduct else { return [] }
            return source.imports.filter { !ImportTable.committed.allows(source.target, toImport: $0.module) }
                .map {
                    Finding(path: source.path, line: $0.line, words: "\(source.target) imports \($0.module)")
                }
        },
        SourceRule(
            "The heart is pure: values in, values out; no clock, no chance of its own, no files, no threads",
            breaking: [
                Example("Sources/MemoryCore/Context/A.swift", "let now = ContinuousClock.now"),
                Example("Sources/MemoryCore/Alignment/A.swift", "func a() async -> Int { 1 }"),
                Example("Sources/ChatWire/A.swift", "let loop: any EventLoop"),
                Example("Sources/JSONBytes/A.swift", "var random = SystemRandomNumberGenerator()"),
                Example("Sources/MemoryCore/Model/A.swift", "static var last = 0"),
            ],
            harmless: [
                Example(
                    "Sources/MemoryCore/Model/A.swift", "struct Timestamp { static var zero: Int { 0 } }"),
                Example("Sources/MemoryStore/A.swift", "let lock = Mutex(0)"),
            ]
        ) { source in
            guard ["MemoryCore", "ChatWire", "JSONBytes"].contains(source.target), source.isProduct else {
                return []
            }
            let found = impure.flatMap { words($0, in: source) }
            return found + Globals.mutable(in: source)
        },
    ]

    private static let impure = [
        "ContinuousClock", "SuspendingClock", "SystemClock", "Clock", "Date", "NIODeadline", "EventLoop",
        "Channel",
        "SystemRandomNumberGenerator", "UUID", "FileManager", "FileHandle", "Data", "ProcessInfo", "Task",
        "Mutex",
        "Atomic", "async", "await", "actor",
    ]
}

/// Finds state that outlives a call.
private enum Globals {
    /// `static var` with a value, which is stored.
    static func mutable(in source: SwiftSource) -> [Finding] {
        let tokens = source.tokens
        return tokens.indices.dropLast(2).compactMap { index in
            guard tokens[index].isWord("static"), tokens[index + 1].isWord("var") else { return nil }
            let declaration = tokens[index...].prefix { !$0.isMark("{") && $0.line == tokens[index].line }
            guard declaration.contains(where: { $0.isMark("=") }) else { return nil }
            return Finding(path: source.path, line: tokens[index].line, words: "'static var' with a value")
        }
    }
}
