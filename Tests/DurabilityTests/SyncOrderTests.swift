internal import Testing

/// A killed process leaves its writes in the page cache; what a failing machine leaves depends on the order
/// of syncs.
@Suite(.timeLimit(.minutes(15)))
struct SyncOrderTests {
    @Test("the sync that covers a round returns before its reply is finished", arguments: [1, 6])
    func syncBeforeReply(clients: Int) async throws {
        let (trace, calls) = try await record("memgate", clients: clients)
        let faults = calls.compactMap { call in fault(trace, call).map { "\(call.marker): \($0)" } }
        #expect(faults.isEmpty)
        #expect(Set(calls.map(\.isStream)).count == 2)
        #expect(trace.calls.contains { $0.kind == .dataSync })
    }

    @Test("the same check fails every reply of a store that is opened without sync")
    func unsyncedStoreIsFound() async throws {
        let (trace, calls) = try await record("UnsyncedGateway", clients: 1)
        let passed = calls.filter { fault(trace, $0) == nil }
        #expect(passed.isEmpty, "\(passed.map(\.marker))")
    }

    /// Lets clients ask a gateway under watch, and ends it.
    private func record(_ program: String, clients: Int) async throws -> (SyncTrace, [ChatCall]) {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        var setup = GatewayProcess.Setup(workspace, upstream: model.url)
        setup.program = program
        setup.environment = [
            "LD_PRELOAD": try await SyncWitness.library(), "SYNC_WITNESS_LOG": workspace("trace"),
        ]
        let gateway = try await GatewayProcess(setup)
        let calls = (0..<clients).map { client in
            (0..<20).map {
                ChatCall(session: "s\(client)", marker: "o\(client)-\($0)", isStream: $0 % 2 == 0)
            }
        }
        let replies = try await withThrowingTaskGroup(of: [ChatReply].self) { group in
            for calls in calls {
                group.addTask {
                    let client = try await ChatClient.connect(to: gateway.port)
                    var replies: [ChatReply] = []
                    for call in calls { replies.append(await client.ask(call)) }
                    await client.close()
                    return replies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(replies.allSatisfy { $0.isAcknowledged })
        #expect(await gateway.stopped() == .exited(0))
        await model.stop()
        return (try SyncTrace(file: workspace("trace")), calls.flatMap(\.self))
    }

    private func fault(_ trace: SyncTrace, _ call: ChatCall) -> String? {
        let streamEnd = Replies.finish(call.marker).split(separator: "\r\n")[1].trimmingSuffix("\n\n")
        return trace.fault(
            of: Replies.text(call.marker), endingWith: call.isStream ? streamEnd : "end of \(call.marker).")
    }
}

/// The check itself, on traces in which one thing is wrong.
struct SyncTraceTests {
    private static let page = SyncTrace.Call(
        .dataWrite, 1, 2, offset: 40_960, result: 4096, bytes: Array("reply".utf8))
    private static let sync = SyncTrace.Call(.dataSync, 3, 4)
    private static let head = SyncTrace.Call(.dataWrite, 5, 6, offset: 4112, result: 80, isSynchronous: true)
    private static let told = SyncTrace.Call(.socketWrite, 7, 8, result: 3, bytes: Array("end".utf8))

    private func fault(_ calls: SyncTrace.Call...) -> String? {
        SyncTrace(calls).fault(of: "reply", endingWith: "end")
    }

    @Test("page, sync, head page, reply is the order that holds")
    func rightOrder() {
        #expect(fault(Self.page, Self.sync, Self.head, Self.told) == nil)
    }

    @Test("a missing, failed or late sync is found")
    func syncs() {
        var failed = Self.sync
        failed.result = -1
        var late = Self.sync
        (late.before, late.after) = (9, 10)
        #expect(fault(Self.page, Self.head, Self.told) != nil)
        #expect(fault(Self.page, failed, Self.head, Self.told) != nil)
        #expect(fault(Self.page, Self.head, Self.told, late) != nil)
    }

    @Test("a head page that is missing, late or not synced is found")
    func heads() {
        var late = Self.head
        (late.before, late.after) = (9, 10)
        var plain = Self.head
        plain.isSynchronous = false
        #expect(fault(Self.page, Self.sync, Self.told) != nil)
        #expect(fault(Self.page, Self.sync, Self.told, late) != nil)
        #expect(fault(Self.page, Self.sync, plain, Self.told) != nil)
    }

    @Test("a reply that is in no page, or that nobody was told of, is found")
    func strangers() {
        #expect(fault(Self.sync, Self.head, Self.told) != nil)
        #expect(fault(Self.page, Self.sync, Self.head) != nil)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
    }
}
