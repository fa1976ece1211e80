import ExchangePipeline

/// The machine with one defect sewn in, of the kinds that such code really has. The walk must find each.
struct DefectiveRelay: Relaying {
    enum Defect: String, Hashable, CaseIterable {
        /// The tail leaves before the commit: a Boolean «held» that the disconnect of another path resets.
        case releasesTailEarly
        /// Writability is taken for permission to resume, but nobody resumes after a held tail.
        case forgetsToResume
        /// The deadline is armed, but its firing is lost: a stalled store stalls the client.
        case ignoresDeadline
        /// A disconnect during the commit records once more.
        case recordsTwice
        /// An event under way is thrown away when the upstream is cut.
        case losesHalfEvent
        /// A stop button leaves the model running.
        case keepsUpstreamAfterStop
        /// `[DONE]` does not wait for content that came after the finishing event.
        case ignoresLateContent
        /// A full buffer is sent again when the client takes bytes again.
        case doublesBytesAfterStall
    }

    let defect: Defect
    private var machine: RelayMachine
    private var lastSend = 0
    private var hasRecorded = false

    init(_ defect: Defect, recording: RelayMachine.Recording, isStreamAsked: Bool) {
        self.defect = defect
        machine = RelayMachine(recording: recording, isStreamAsked: isStreamAsked)
    }

    var acceptsBytes: Bool { machine.acceptsBytes }

    mutating func handle(_ input: RelayMachine.Input) -> RelayMachine.Step {
        if defect == .ignoresDeadline, input == .late { return RelayMachine.Step() }
        var step = machine.handle(spoiled(input))
        switch defect {
        case .releasesTailEarly: releaseEarly(&step)
        case .forgetsToResume: if step.upstream == .resume { step.upstream = nil }
        case .recordsTwice:
            if input == .gone, hasRecorded, step.record == nil { step.record = .first(.disconnected) }
        case .losesHalfEvent: if input == .cut, step.send > 0 { step.send -= 1 }
        case .keepsUpstreamAfterStop: if input == .gone { step.upstream = nil }
        case .doublesBytesAfterStall: if input == .writable { step.send += lastSend }
        case .ignoresDeadline, .ignoresLateContent: break
        }
        if step.record != nil { hasRecorded = true }
        if step.send > 0 { lastSend = step.send }
        return step
    }

    private func spoiled(_ input: RelayMachine.Input) -> RelayMachine.Input {
        guard defect == .ignoresLateContent, case .bytes(var bytes) = input else { return input }
        bytes.contentAfterFinish = false
        return .bytes(bytes)
    }

    /// What the commit would release leaves with the step that asks for it.
    private mutating func releaseEarly(_ step: inout RelayMachine.Step) {
        guard case .first = step.record, step.deadline == .arm else { return }
        let released = machine.handle(.committed)
        step.head = step.head ?? released.head
        step.send += released.send
        step.ending = step.ending ?? released.ending
        step.isOver = released.isOver
    }
}
