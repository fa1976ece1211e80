internal import Glibc
internal import RepeatableRandom
internal import Synchronization
internal import Testing

/// Many clients at once on few sessions, and kills in between.
@Suite(.timeLimit(.minutes(15)))
struct HammerTests {
    private static let clients = 24
    private static let lives = 10

    /// Ends a gateway once enough rounds were acknowledged.
    private final class Executioner: Sendable {
        private let left: Atomic<Int>
        private let gateway: GatewayProcess
        private let signal: Int32

        init(of gateway: GatewayProcess, after rounds: Int, by signal: Int32) {
            left = Atomic(rounds)
            self.gateway = gateway
            self.signal = signal
        }

        func count() {
            let remaining = left.subtract(1, ordering: .relaxed).newValue
            if remaining == 0 { gateway.child.signal(signal) }
        }
    }

    @Test(
        "clients in parallel that ask, leave and wait, and kills: no round is lost, doubled, halved or misplaced"
    )
    func hammer() async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start { request in
            guard request.marker.hasPrefix("stuck") else { return Replies.answer(request) }
            return Replies.held(request, reached: Event(), until: Event())
        }
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        var random = SeededRandom(seed: 11)
        var ledger = RoundLedger()
        ledger.clientsLeave = true
        for life in 1...Self.lives {
            let gateway = try await GatewayProcess(setup)
            let isLast = life == Self.lives
            let executioner = Executioner(
                of: gateway, after: Int.random(in: 40...240, using: &random), by: isLast ? SIGTERM : SIGKILL)
            let seeds = (0..<Self.clients).map { _ in random.next() }
            let replies = await withTaskGroup(of: [ChatReply].self) { group in
                for (client, seed) in seeds.enumerated() {
                    group.addTask {
                        await Self.work(
                            gateway, executioner, "\(life)-\(client)", SeededRandom(seed: seed),
                            stuck: isLast ? 0 : 1)
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(await gateway.child.end().ending == (isLast ? .exited(0) : .killed(SIGKILL)))
            for reply in replies {
                ledger.asked(reply.call)
                ledger.answered(reply)
            }
            let faults = try ledger.faults(ofStoreAt: setup.store)
            #expect(faults.isEmpty, "life \(life)")
            guard faults.isEmpty else { break }
        }
        #expect(ledger.acknowledgedCount >= Self.lives * 40)
        await model.stop()
    }

    /// Asks until the gateway is gone.
    ///
    /// - Parameter stuck: how many questions in a hundred wait for a reply that never ends.
    private static func work(
        _ gateway: GatewayProcess, _ executioner: Executioner, _ name: String, _ seeded: SeededRandom,
        stuck: Int
    ) async -> [ChatReply] {
        var random = seeded
        var replies: [ChatReply] = []
        var connection: ChatClient?
        while true {
            if connection?.isOpen != true { connection = try? await ChatClient.connect(to: gateway.port) }
            guard let client = connection else { return replies }
            let call = ChatCall(
                session: "s\(Int.random(in: 0..<4, using: &random))",
                marker: "\(random.percent(stuck) ? "stuck" : "h")\(name)-\(replies.count)",
                isStream: random.percent(50), padding: random.percent(5) ? 50_000 : 0)
            let leaves = random.percent(8)
            let reply = await client.ask(call) { if leaves, $0.status != 0 { client.leave() } }
            replies.append(reply)
            if reply.isAcknowledged { executioner.count() }
            if leaves { await client.close() }
            let isRefused = reply.status == 503 || reply.status == 0 && !leaves
            if isRefused { return replies }
        }
    }
}
