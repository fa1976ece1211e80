extension SourceRule {
    /// Names that say nothing.
    static let names = [
        SourceRule(
            "A type's name says what it is",
            breaking: [
                Example("Sources/A/A.swift", "struct SessionManager {}"),
                Example("Sources/A/A.swift", "public enum JSONUtils {}"),
                Example("Sources/A/A.swift", "protocol StoreBase {}"),
            ],
            harmless: [Example("Sources/A/A.swift", "struct DataFolder {}\nclass func shareInfo() {}")]
        ) { source in
            let kinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
            return source.tokens.indices.dropLast().compactMap { index in
                guard source.tokens[index].kind == .word, kinds.contains(source.tokens[index].text) else {
                    return nil
                }
                let name = source.tokens[index + 1]
                guard name.text.first?.isUppercase == true, isEmptyName(name.text) else { return nil }
                return Finding(path: source.path, line: name.line, words: "'\(name.text)'")
            }
        },
        SourceRule(
            "A file's or folder's name says what it holds",
            breaking: [
                Example("Sources/A/Helpers/A.swift", ""), Example("Sources/A/StringUtils.swift", ""),
                Example("Sources/Common/A.swift", ""),
            ],
            harmless: [Example("Sources/A/DataFolder.swift", "")]
        ) { source in
            let steps = source.path.split(separator: "/").flatMap { $0.split(separator: "+") }
            return steps.map { $0.prefix { $0 != "." } }.filter { isEmptyName(String($0)) }.map {
                Finding(path: source.path, line: 1, words: "'\($0)'")
            }
        },
    ]

    private static let emptyWords = [
        "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager", "Managers", "Misc",
        "Data",
        "Info", "Base", "Stuff",
    ]

    private static func isEmptyName(_ name: String) -> Bool {
        emptyWords.contains { name.hasSuffix($0) }
    }
}
