internal import ChatWire
internal import LMDBMemoryStore
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import Testing

/// Client libraries that resend their history, through the gateway under an explicit id and directly.
@Suite(.timeLimit(.minutes(15)))
struct ClientLibraryTests {
    /// A library and the ways of talking that its check holds conversations in.
    struct Library: CustomTestStringConvertible, Sendable {
        /// Names its check and begins its sessions' ids.
        var name: String
        var environment = Python.Environment.clients
        var ways = ["plain", "streamed"]

        var testDescription: String { name }

        static let all = [
            Library(name: "langchain"),
            Library(name: "llm", ways: ["plain", "streamed", "command"]),
            Library(name: "litellm", environment: .litellm),
            Library(name: "pydantic-ai"),
        ]
    }

    @Test(
        "A library gets the same in three rounds and an error as directly, and the store has them once",
        arguments: Library.all)
    func sameConversations(_ library: Library) async throws {
        let workspace = try Workspace()
        let python = try await Python.with(library.environment, in: workspace)
        let upstream = try await PythonUpstream(python, workspace)
        let setup = GatewayProcess.Setup(workspace, upstream: upstream.url)
        let gateway = try await GatewayProcess(setup)
        let check = try ChildProcess(
            ChildProcess.Command(
                arguments: [
                    python, Places.tool("\(library.name)-check.py"), "http://127.0.0.1:\(gateway.port)/v1",
                    upstream.url,
                ], errorFile: workspace("check")))
        let (output, ending) = await check.end()
        #expect(ending == .exited(0), "\(output)\(workspace.text(of: "check"))")
        let passed = output.split(separator: "\n").filter { $0.hasPrefix("ok ") }
        #expect(passed.count == library.ways.count, "\(output)")
        #expect(workspace.text(of: "upstream").isEmpty, "\(workspace.text(of: "upstream"))")
        #expect(await gateway.stopped() == .exited(0))
        let storage = try LMDBStorage.open(at: setup.store, LMDBOptions(maximumBytes: 1 << 30))
        defer { storage.close() }
        for way in library.ways {
            try expectThreeRounds(in: "\(library.name)-\(way)", storage)
            try expectFailedQuestion(in: "\(library.name)-\(way)-failing", storage)
        }
    }

    private func expectThreeRounds(in session: String, _ storage: LMDBStorage) throws {
        let messages = try storage.messages(of: key(session))
        #expect(messages.map(\.message.role) == [.user, .assistant, .user, .assistant, .user, .assistant])
        #expect(messages.map(\.round) == [1, 1, 2, 2, 3, 3], "\(session)")
        #expect(messages.map(\.parent) == [0, 1, 2, 3, 4, 5], "\(session)")
        #expect(messages.allSatisfy { $0.message.status == .complete }, "\(session)")
        for message in messages {
            let text = String(buffer: message.message.body)
            #expect(text.contains("Round \(message.round ?? 0)"), "\(session): \(text)")
            guard message.message.role == .assistant else { continue }
            #expect(message.message.finishReason == "stop", "\(session)")
            #expect(message.message.usage != nil, "\(session)")
        }
    }

    /// A question that got an error for an answer is kept, and is no round.
    private func expectFailedQuestion(in session: String, _ storage: LMDBStorage) throws {
        let messages = try storage.messages(of: key(session))
        #expect(messages.map(\.message.role) == [.user], "\(session)")
        #expect(messages.map(\.message.status) == [.failed], "\(session)")
        #expect(messages.map(\.round) == [nil], "\(session)")
    }

    private func key(_ session: String) -> SessionKey {
        SessionKey(tenant: "local", user: "default", name: session)
    }
}
