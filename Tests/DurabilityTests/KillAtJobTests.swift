internal import LMDBMemoryStore
internal import MemoryCore
internal import MemoryStore
internal import Synchronization
internal import Testing

/// `kill -9` while sessions that have ended are told.
@Suite(.timeLimit(.minutes(15)))
struct KillAtJobTests {
    private static let summary = "Somebody asked a question in main and was answered with six further words."

    /// When the process is killed.
    enum Moment: String, CaseIterable {
        case summaryAsked, summaryAnswered, titleAsked, titleAnswered
    }

    /// A model that tells when it is asked by the memory, and holds the first answer where a test wants that.
    private struct Model {
        let model: ScriptedModel
        let reached: Event<Void>
        /// The title of the later session has been asked for: its summary is on the disk.
        let last: Event<Void>
        /// The next answer to the memory.
        let next: Next

        final class Next: Sendable {
            private let current = Mutex(Event<Void>())

            func fire() { current.withLock { $0 }.fire() }

            func awaited() -> Event<Void> {
                current.withLock { event in
                    event = Event()
                    return event
                }
            }
        }

        static func start(_ moment: Moment) async throws -> Model {
            let (reached, last, next) = (Event<Void>(), Event<Void>(), Next())
            let model = try await ScriptedModel.start { request in
                guard request.body.contains("<conversation>") else { return Replies.answer(request) }
                let isTitle = request.body.contains("a title")
                let answer = Replies.plain("own", text: isTitle ? "A question" : summary)
                if reached.value != nil {
                    next.fire()
                    let isLast = isTitle && request.marker == "later"
                    return answer + (isLast ? [.fire(last)] : [])
                }
                switch (moment, isTitle) {
                case (.summaryAsked, false), (.titleAsked, true): return [.fire(reached)]
                case (.summaryAnswered, false), (.titleAnswered, true): return answer + [.fire(reached)]
                default: return answer
                }
            }
            return Model(model: model, reached: reached, last: last, next: next)
        }
    }

    @Test("a session is told once, wherever the process ends on the way", arguments: Moment.allCases)
    func kill(moment: Moment) async throws {
        let workspace = try Workspace()
        let model = try await Model.start(moment)
        var setup = GatewayProcess.Setup(workspace, upstream: model.model.url)
        setup.policy = [#""session": {"idle": "200ms"}"#]
        setup.settings = [#""models": {"summary": {"yield": false}}"#]
        let gateway = try await GatewayProcess(setup)
        let call = ChatCall(session: "main", marker: "main", isStream: false)
        #expect(try await ChatClient.ask(call, at: gateway.port).isAcknowledged)
        await model.reached.wait()
        await gateway.killed()

        // What the killed one left is gone on with by itself: a last session shows that it has been.
        let next = try await GatewayProcess(setup)
        let later = ChatCall(session: "later", marker: "later", isStream: false)
        #expect(try await ChatClient.ask(later, at: next.port).isAcknowledged)
        await model.last.wait()
        #expect(await next.stopped() == .exited(0))
        try await settle(setup, model)
        try check(setup, ["main", "later"])
        await model.model.stop()
    }

    /// Starts and stops until nothing is left to do.
    private func settle(_ setup: GatewayProcess.Setup, _ model: Model) async throws {
        for number in 0..<100 {
            let storage = try LMDBStorage.open(at: setup.store, LMDBOptions(maximumBytes: 1 << 30))
            let active = try storage.jobs(before: nil, count: 99) {
                $0.status.isActive && $0.kind != .cleanUp
            }
            storage.close()
            if active.isEmpty { return }
            let next = model.next.awaited()
            let gateway = try await GatewayProcess(setup)
            await next.wait()
            // A while in which what comes of the answer may reach the disk.
            let call = ChatCall(session: "main", marker: "beside-\(number)", isStream: false, path: "/v1/x")
            _ = try await ChatClient.ask(call, at: gateway.port)
            #expect(await gateway.stopped() == .exited(0))
        }
        Issue.record("work is left")
    }

    private func check(_ setup: GatewayProcess.Setup, _ sessions: [String]) throws {
        let storage = try LMDBStorage.open(at: setup.store, LMDBOptions(maximumBytes: 1 << 30))
        defer { storage.close() }
        for name in sessions {
            let key = SessionKey(tenant: "local", user: "default", name: name)
            let life = try #require(try storage.details(of: key)?.life)
            #expect(life.status == .archived, "\(name)")
            #expect(life.toldRound == 1, "\(name)")
            #expect(life.title == "A question", "\(name)")
            let chain = try storage.summaries(of: key)
            #expect(chain.map(\.text) == [Self.summary], "\(name)")
            #expect(chain.map(\.source) == [.model], "\(name)")
        }
        let jobs = try storage.jobs(before: nil, count: 99) { $0.kind != .cleanUp }
        #expect(jobs.count == 2 * sessions.count)
        #expect(jobs.allSatisfy { $0.status == .done }, "\(jobs)")
    }
}
