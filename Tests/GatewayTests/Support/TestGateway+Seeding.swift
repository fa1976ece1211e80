import GatewayTesting
import MemoryCore
import MemoryStore

extension TestGateway {
    /// Gives Anna a session that has ended, so that there is something to tell another one.
    func seedAnna() throws {
        let key = SampleTurns.session("before", user: "anna", tenant: "local")
        try storage.apply(
            [
                .record(SampleTurns.turn(1, in: key)),
                .summarise(
                    SessionSummary(
                        session: key, number: 1, parent: nil, purpose: .end, rounds: 1...1, anchor: 2,
                        text: "Anna likes tea.", model: nil, createdAt: SampleTurns.moment(1))),
            ], .withNextBatch)
    }
}
