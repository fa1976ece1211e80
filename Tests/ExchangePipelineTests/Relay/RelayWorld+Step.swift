import ExchangePipeline

extension RelayWorld {
    /// What a broken promise is called.
    struct Violation: Error, Hashable {
        let promise: String
    }

    /// Lets an event happen: the input for the machine.
    mutating func happen(_ event: Event) -> RelayMachine.Input {
        switch event {
        case .head(let form, let isSuccess):
            self.form = form
            self.isSuccess = isSuccess
            return .answered(ReplyStart(form: form, isSuccess: isSuccess))
        case .piece(let piece): return .bytes(arrive(piece))
        case .refused:
            isPausedByUs = true
            return .refused
        case .ended:
            upstream = .ended
            return .ended
        case .cut:
            upstream = .cut
            return .cut
        case .writable:
            client = .writable
            return .writable
        case .stalled:
            client = .stalled
            return .stalled
        case .gone:
            client = .gone
            return .gone
        case .committed: return settle(.committed)
        case .commitFailed: return settle(.commitFailed(.storeError))
        case .late:
            commit = .overdue
            isDeadlineArmed = false
            nothingIsHeldAnyMore = true
            return .late
        case .drainExpired:
            isDrainArmed = false
            return .drainExpired
        }
    }

    private mutating func settle(_ input: RelayMachine.Input) -> RelayMachine.Input {
        if commit == .awaited { isDeadlineArmed = false }
        if case .commitFailed = input { nothingIsHeldAnyMore = true }
        commit = .none
        settledThrough = coveredThrough
        return input
    }

    private mutating func arrive(_ piece: Piece) -> ReplyBytes {
        let start = received
        pieces += 1
        received += piece == .flood ? Self.floodBytes : Self.pieceBytes
        if piece != .half { whole = received }
        var bytes = ReplyBytes(count: received - start, whole: whole)
        guard form == .stream, isSuccess else { return bytes }
        switch piece {
        case .finish: finishAt = start
        case .everything:
            finishAt = start
            doneAt = start + 2
        case .done:
            if finishAt == nil { finishAt = start }
            doneAt = start
        case .usage: bytes.usageAfterFinish = true
        case .lateContent, .flood, .content, .half:
            guard finishAt != nil else { break }
            bytes.contentAfterFinish = true
            lateContentThrough = received
        }
        if finishAt == start { bytes.finish = start }
        if let doneAt, doneAt >= start { bytes.done = doneAt }
        return bytes
    }

    /// Performs a step and holds it against the promises.
    mutating func perform(_ step: RelayMachine.Step, acceptsBytes: Bool) throws(Violation) {
        try performHead(step)
        try performBytes(step)
        try performEnding(step)
        try performRecord(step)
        performTimers(step)
        try performUpstream(step, acceptsBytes)
        isOver = step.isOver
        try checkRest()
    }

    private mutating func performHead(_ step: RelayMachine.Step) throws(Violation) {
        guard let head = step.head else { return }
        try require(!headIsOut, "one head")
        try require(client != .gone, "nothing to a client that left")
        headIsOut = true
        guard head == .error else { return }
        try require(upstream == .cut && sent == 0, "an error only where nothing else was said")
        endings += 1
        sent = received
    }

    private mutating func performBytes(_ step: RelayMachine.Step) throws(Violation) {
        if client == .gone { sent = received }
        guard step.send > 0 else { return }
        try require(headIsOut, "head before bytes")
        try require(endings == 0, "no bytes behind the ending")
        sent += step.send
        try require(sent <= received, "no byte doubled")
        try require(client != .gone, "nothing to a client that left")
        try checkHold()
    }

    /// What may not have left while the commit that covers it is not durable.
    private func checkHold() throws(Violation) {
        guard recording == .acknowledged, isSuccess, !nothingIsHeldAnyMore else { return }
        let isOpen = upstream == .running || upstream == .ended && settledThrough == nil
        if isOpen, form == .stream { try require(sent <= whole, "events leave whole, or with the record") }
        if settledThrough == nil {
            if let finishAt { try require(sent <= finishAt || upstream == .cut && records == 0, "tail held") }
            if form == .plain {
                try require(sent < received || received == 0 || upstream == .cut, "last buffer held")
            }
        } else if let doneAt, let late = lateContentThrough, late <= doneAt, let settledThrough {
            try require(sent <= doneAt || settledThrough >= late, "[DONE] waits for late content")
        }
    }

    private mutating func performEnding(_ step: RelayMachine.Step) throws(Violation) {
        guard let ending = step.ending else { return }
        endings += 1
        try require(endings == 1, "one ending")
        try require(sent == received, "no byte lost")
        try require(upstream == .ended || upstream == .cut, "no ending before the upstream's")
        try require((ending == .finish) == (upstream == .ended), "a cut reply looks cut")
        guard recording == .acknowledged, isSuccess, upstream == .ended, !nothingIsHeldAnyMore else { return }
        try require(settledThrough != nil, "the end waits for the record")
    }

    private mutating func performRecord(_ step: RelayMachine.Step) throws(Violation) {
        guard let record = step.record else { return }
        try require(recording != .none, "nothing is recorded that should not be")
        switch record {
        case .first(let cause):
            records += 1
            try require(records == 1, "one record")
            try require((cause == .disconnected) == (client == .gone), "a disconnect is called one")
        case .amendment:
            try require(records == 1, "an amendment follows a record")
        }
        coveredThrough = received
        if step.deadline == .arm { commit = .awaited }
    }

    private mutating func performTimers(_ step: RelayMachine.Step) {
        if step.deadline == .arm { isDeadlineArmed = true }
        if step.deadline == .disarm { isDeadlineArmed = false }
        if step.drain == .arm { isDrainArmed = true }
        if step.isOver { isDrainArmed = false }
    }

    private mutating func performUpstream(_ step: RelayMachine.Step, _ acceptsBytes: Bool) throws(Violation) {
        switch step.upstream {
        case .cancel:
            try require(upstream == .running, "only a running transfer is cancelled")
            upstream = .cancelled
        case .resume:
            try require(isPausedByUs && acceptsBytes, "resume only what was refused and is wanted")
            isPausedByUs = false
        case nil: break
        }
    }

    private func checkRest() throws(Violation) {
        let held = received - sent
        let bound = RelayMachine.highWater + Self.floodBytes + Self.pieceBytes
        try require(client == .gone || held <= bound, "memory is bounded")
        let mayGoOn = client == .gone || client == .writable && commit != .awaited
        try require(!(isPausedByUs && mayGoOn && upstream == .running), "a stopped upstream is started again")
        let isStopped = client == .gone && isStreamAsked && form != .plain
        try require(!(isStopped && upstream == .running), "a stop button frees the model")
        guard isOver else { return }
        try require(upstream != .running, "over only when the upstream is")
        try require(endings == 1 || client == .gone, "over only when the client has its end")
        try require(records == (recording == .none ? 0 : 1), "every recorded exchange is recorded")
    }

    private func require(_ holds: Bool, _ promise: String) throws(Violation) {
        if !holds { throw Violation(promise: promise) }
    }
}
