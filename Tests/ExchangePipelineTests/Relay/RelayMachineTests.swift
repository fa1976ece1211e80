import ExchangePipeline
import Testing

@Suite("RelayMachine keeps its promises in every reachable state")
struct RelayMachineTests {
    @Test(
        "tail hold × disconnect × pause × deadline × store stall, walked whole",
        arguments: RelayMachine.Recording.allCases, [true, false])
    func walk(recording: RelayMachine.Recording, isStreamAsked: Bool) throws {
        var walk = RelayWalk<RelayMachine>()
        let machine = RelayMachine(recording: recording, isStreamAsked: isStreamAsked)
        let world = RelayWorld(recording: recording, isStreamAsked: isStreamAsked)
        try walk.run(from: .init(relay: machine, world: world))
        #expect(walk.states.count > 500)
        #expect(walk.states.contains { $0.world.isOver })
    }

    @Test(
        "each sewn-in defect is found, for the promise that it breaks",
        arguments: DefectiveRelay.Defect.allCases)
    func defects(defect: DefectiveRelay.Defect) {
        var walk = RelayWalk<DefectiveRelay>()
        let relay = DefectiveRelay(defect, recording: .acknowledged, isStreamAsked: true)
        let world = RelayWorld(recording: .acknowledged, isStreamAsked: true)
        let finding = #expect(throws: RelayWalk<DefectiveRelay>.Finding.self) {
            try walk.run(from: .init(relay: relay, world: world))
        }
        #expect(finding?.promise == defect.brokenPromise)
    }
}

extension DefectiveRelay.Defect {
    /// The promise that the walk must name.
    var brokenPromise: String {
        switch self {
        case .releasesTailEarly: "the end waits for the record"
        case .forgetsToResume: "a stopped upstream is started again"
        case .ignoresDeadline: "closing ends the run"
        case .recordsTwice: "one record"
        case .losesHalfEvent: "no byte lost"
        case .keepsUpstreamAfterStop: "a stop button frees the model"
        case .ignoresLateContent: "[DONE] waits for late content"
        case .doublesBytesAfterStall: "no byte doubled"
        }
    }
}
