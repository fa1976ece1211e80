import ExchangePipeline

/// The world around a relay, small enough to be walked whole: a scripted upstream, a client, a store, two
/// timers.
///
/// It knows nothing of the machine's insides. It checks what leaves against what may leave, and offers, in
/// each state, every input that could come next.
struct RelayWorld: Hashable {
    /// One read of the upstream: what stands in it.
    enum Piece: Hashable, CaseIterable {
        /// A whole content event.
        case content
        /// The first half of an event: not whole until the next piece.
        case half
        /// The event that finishes the last choice.
        case finish
        /// Finishing event, usage and `[DONE]` in one read.
        case everything
        /// Usage behind the finishing event.
        case usage
        /// Content behind the finishing event.
        case lateContent
        /// `[DONE]`.
        case done
        /// More than a tail may hold.
        case flood
    }

    enum Client: Hashable { case writable, stalled, gone }
    enum Upstream: Hashable { case running, ended, cut, cancelled }
    enum Commit: Hashable { case none, awaited, overdue }

    static let pieceBytes = 4
    static let floodBytes = RelayMachine.highWater
    static let mostPieces = 4

    let recording: RelayMachine.Recording
    let isStreamAsked: Bool
    var form: ReplyForm?
    var isSuccess = true
    var pieces = 0
    var received = 0
    var whole = 0
    var sent = 0
    var finishAt: Int?
    var doneAt: Int?
    var isPausedByUs = false
    var upstream = Upstream.running
    var client = Client.writable
    var commit = Commit.none
    var isDeadlineArmed = false
    var isDrainArmed = false
    /// The store was late or failed: nothing waits for it any more.
    var nothingIsHeldAnyMore = false
    /// How much of the reply the newest record or amendment covers, and how much of it is durable.
    var coveredThrough: Int?
    var settledThrough: Int?
    var lateContentThrough: Int?
    var headIsOut = false
    var endings = 0
    var records = 0
    var isOver = false

    init(recording: RelayMachine.Recording, isStreamAsked: Bool) {
        self.recording = recording
        self.isStreamAsked = isStreamAsked
    }

    /// Every input that could come now.
    func possibleInputs(acceptsBytes: Bool) -> [Event] {
        guard !isOver else { return [] }
        var events: [Event] = []
        if upstream == .running { events += upstreamEvents(acceptsBytes) }
        if client == .writable { events += [.stalled, .gone] }
        if client == .stalled { events += [.writable, .gone] }
        if commit != .none { events += [.committed, .commitFailed] }
        if isDeadlineArmed { events.append(.late) }
        if isDrainArmed { events.append(.drainExpired) }
        return events
    }

    private func upstreamEvents(_ acceptsBytes: Bool) -> [Event] {
        guard form != nil else {
            return [.cut, .head(.plain, true), .head(.stream, true), .head(.plain, false)]
        }
        var events: [Event] = [.cut]
        if !isPausedByUs, pieces < Self.mostPieces {
            events += acceptsBytes ? nextPieces.map(Event.piece) : [.refused]
        }
        if !isPausedByUs { events.append(.ended) }
        return events
    }

    private var nextPieces: [Piece] {
        guard form == .stream, isSuccess else { return [.content, .flood] }
        if doneAt != nil { return [.content] }
        return finishAt == nil
            ? [.content, .half, .finish, .everything, .done, .flood] : [.usage, .lateContent, .done, .flood]
    }

    /// Something that happens.
    enum Event: Hashable {
        case head(ReplyForm, Bool)
        case piece(Piece)
        case refused, ended, cut, writable, stalled, gone, committed, commitFailed, late, drainExpired
    }
}
