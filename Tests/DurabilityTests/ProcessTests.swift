internal import Glibc
internal import Testing

/// The gateway as a process: what keeps it from starting, and how it ends.
@Suite(.timeLimit(.minutes(15)))
struct ProcessTests {
    @Test(
        "a second process on the same data folder is refused and names the first; the folder is free after a kill"
    )
    func secondProcess() async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        let first = try await GatewayProcess(setup)
        let (words, ending) = try await GatewayProcess.refusal(setup)
        #expect(ending == .exited(1))
        #expect(words.contains("in use by process \(first.child.id)"), "\(words)")
        #expect(words.contains(setup.dataFolder) && words.contains("--data"), "\(words)")
        #expect(words.split(separator: "\n").count == 1, "\(words)")
        try await checkRound(first, "first")
        await first.killed()
        let second = try await GatewayProcess(setup)
        try await checkRound(second, "second")
        #expect(await second.stopped() == .exited(0))
        await model.stop()
    }

    @Test(
        "a taken port is refused, whoever has it, and leaves the data folder free", arguments: [true, false])
    func takenPort(byGateway: Bool) async throws {
        let (workspace, other) = (try Workspace(), try Workspace())
        let model = try await ScriptedModel.start()
        let holder =
            byGateway
            ? try await GatewayProcess(GatewayProcess.Setup(other, upstream: model.url)) : nil
        let address = "127.0.0.1:\(holder?.port ?? model.port)"
        var setup = GatewayProcess.Setup(workspace, upstream: "http://127.0.0.1:9/v1")
        setup.listen = address
        let (words, ending) = try await GatewayProcess.refusal(setup)
        #expect(ending == .exited(1))
        #expect(words.contains(address) && words.contains("--listen"), "\(words)")
        #expect(words.split(separator: "\n").count == 1, "\(words)")
        if let holder {
            try await checkRound(holder, "still")
            #expect(await holder.stopped() == .exited(0))
        }
        setup.listen = "127.0.0.1:0"
        setup.upstream = model.url
        let gateway = try await GatewayProcess(setup)
        try await checkRound(gateway, "free")
        #expect(await gateway.stopped() == .exited(0))
        await model.stop()
    }

    @Test("stats asks the gateway that runs, and the store itself where none does")
    func stats() async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        let gateway = try await GatewayProcess(setup)
        try await checkRound(gateway, "counted")
        let running = try await Self.statistics(setup)
        #expect(running.contains("gateway    process \(gateway.child.id), http://127.0.0.1:\(gateway.port)"))
        #expect(running.contains("sessions   1\nmessages   2\n"), "\(running)")
        #expect(running.contains("exchanges  1\n"), "\(running)")
        #expect(await gateway.stopped() == .exited(0))
        let stopped = try await Self.statistics(setup)
        #expect(stopped.contains("none runs on") && stopped.contains("sessions   1\nmessages   2\n"))
        await model.stop()
    }

    @Test(
        "check says what is there, what is wrong, and that a server refuses calls of our own",
        arguments: [200, 401])
    func check(status: Int) async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start { _ in
            [.send("HTTP/1.1 \(status) X\r\nContent-Length: 11\r\n\r\n{\"data\":[]}")]
        }
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        let command = ChildProcess.Command(
            arguments: [
                Places.program("memgate"), "check", "--data", setup.dataFolder, "--upstream", model.url,
            ], environment: [:], errorFile: workspace("check-log"))
        let (output, ending) = try await ChildProcess(command, greetedBy: "no faults").end()
        #expect(ending == .exited(0), "\(output)")
        #expect(output.contains("answers \(status) to a request for its models"), "\(output)")
        #expect(output.contains("summaries are extractive") == (status == 401), "\(output)")
        #expect(output.contains("\(setup.dataFolder)/memory") && output.hasSuffix("no faults\n"), "\(output)")
        await model.stop()
    }

    private static func statistics(_ setup: GatewayProcess.Setup) async throws -> String {
        let command = ChildProcess.Command(
            arguments: [Places.program("memgate"), "stats", "--data", setup.dataFolder], environment: [:],
            errorFile: setup.workspace("stats-log"))
        let (output, ending) = try await ChildProcess(command, greetedBy: "store ").end()
        #expect(ending == .exited(0))
        return output
    }

    private func checkRound(_ gateway: GatewayProcess, _ marker: String) async throws {
        let call = ChatCall(session: "main", marker: marker, isStream: false)
        let reply = try await ChatClient.ask(call, at: gateway.port)
        #expect(reply.isAcknowledged, "\(reply)")
    }
}
