import Testing

/// A rule of the house about Swift files, with examples that prove that it works.
struct SourceRule: Sendable, CustomTestStringConvertible {
    /// A made-up file.
    struct Example: Sendable {
        let path: String
        let code: String

        init(_ path: String, _ code: String) {
            self.path = path
            self.code = code
        }
    }

    /// What holds, as a sentence.
    let name: String
    /// Files that break it, each in one place.
    let breaking: [Example]
    /// Files that look alike and do not.
    let harmless: [Example]
    /// What in a file breaks it.
    let findings: @Sendable (SwiftSource) -> [Finding]

    var testDescription: String { name }

    /// - Precondition: at least one example breaks the rule: one that finds nothing would hold for ever.
    init(
        _ name: String, breaking: [Example], harmless: [Example] = [],
        _ findings: @escaping @Sendable (SwiftSource) -> [Finding]
    ) {
        precondition(!breaking.isEmpty)
        self.name = name
        self.breaking = breaking
        self.harmless = harmless
        self.findings = findings
    }

    /// All rules about single files.
    static let all = calls + marks + lengths + names + documentation + imports
}
