import Testing

@Suite("Rules of the house")
struct SourceRuleTests {
    @Test(arguments: SourceRule.all)
    func `The rule holds in every file`(rule: SourceRule) {
        let findings = Repository.swiftFiles.flatMap(rule.findings)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: SourceRule.all)
    func `The rule finds each example that breaks it`(rule: SourceRule) {
        for example in rule.breaking {
            let findings = rule.findings(SwiftSource(example.path, example.code))
            #expect(findings.count == 1, "\(example.code.prefix(200)) → \(findings)")
        }
    }

    @Test(arguments: SourceRule.all)
    func `The rule leaves alone what only looks like it`(rule: SourceRule) {
        for example in rule.harmless {
            let findings = rule.findings(SwiftSource(example.path, example.code))
            #expect(findings.isEmpty, "\(example.code.prefix(200)) → \(findings)")
        }
    }

    @Test func `The files are found`() {
        let paths = Set(Repository.swiftFiles.map(\.path))
        #expect(paths.count > 200)
        #expect(paths.contains("Sources/memgate/main.swift"))
        #expect(paths.contains("Tests/TidyTests/SourceRuleTests.swift"))
        #expect(Repository.swiftFiles.allSatisfy { !$0.tokens.isEmpty || !$0.isProduct })
    }
}
