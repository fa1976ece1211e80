internal import Testing

/// openai-python, as people use it, through the gateway and directly.
@Suite(.timeLimit(.minutes(15)))
struct OpenAIClientTests {
    @Test("openai-python gets the same through the gateway as from the model server itself")
    func sameResults() async throws {
        let workspace = try Workspace()
        let python = try await Python.with(.clients, in: workspace)
        let upstream = try await PythonUpstream(python, workspace)
        let gateway = try await GatewayProcess(.init(workspace, upstream: upstream.url))
        let check = try ChildProcess(
            ChildProcess.Command(
                arguments: [
                    python, Places.tool("openai-client-check.py"), "http://127.0.0.1:\(gateway.port)/v1",
                    upstream.url,
                ], errorFile: workspace("check")))
        let (output, ending) = await check.end()
        #expect(ending == .exited(0), "\(output)\(workspace.text(of: "check"))")
        let passed = output.split(separator: "\n").filter { $0.hasPrefix("ok ") }
        #expect(passed.count == 28, "\(output)")
        #expect(workspace.text(of: "upstream").isEmpty, "\(workspace.text(of: "upstream"))")
        #expect(await gateway.stopped() == .exited(0))
    }
}
