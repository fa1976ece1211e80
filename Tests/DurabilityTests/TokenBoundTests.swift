internal import Testing

/// What goes up, counted by tokenizers of real models: the estimate that decides how much is added is none.
@Suite(.timeLimit(.minutes(15)))
struct TokenBoundTests {
    @Test("Prompts of prose, code and JSON stay within the model's window less the reply's share")
    func bound() async throws {
        let workspace = try Workspace()
        let python = try await Python.with(.tokens, in: workspace)
        let check = try ChildProcess(
            ChildProcess.Command(
                arguments: [python, Places.tool("token-check.py"), Places.program("memgate")],
                errorFile: workspace("check")))
        let (output, ending) = await check.end()
        #expect(ending == .exited(0), "\(output)\(workspace.text(of: "check"))")
        #expect(output.split(separator: "\n").filter { $0.hasPrefix("ok ") }.count == 80, "\(output)")
    }
}
