internal import NIOCore
internal import UpstreamClient

/// The time limits of one transfer, as a value: told of progress, asked now and then whether one has passed.
///
/// Time during which we ourselves hold the upstream back does not count towards any of them.
struct TransferClock: Equatable {
    /// Which limit passed.
    enum Expiry: Equatable {
        case firstByte, idle, total
    }

    private let limits: UpstreamLimits
    private let startedAt: NIODeadline
    private var progressAt: NIODeadline
    private var hasHead = false
    private var heldSince: NIODeadline?
    private var heldTotal: TimeAmount = .zero

    init(limits: UpstreamLimits, now: NIODeadline) {
        self.limits = limits
        startedAt = now
        progressAt = now
    }

    /// Bytes moved, either way.
    mutating func progressed(at now: NIODeadline) {
        progressAt = now
    }

    /// The reply's head arrived.
    mutating func answered(at now: NIODeadline) {
        hasHead = true
        progressAt = now
    }

    /// We stopped taking bytes from the upstream, or giving it the body it waits for.
    mutating func held(at now: NIODeadline) {
        if heldSince == nil { heldSince = now }
    }

    /// It may go on.
    mutating func released(at now: NIODeadline) {
        guard let since = heldSince else { return }
        heldTotal = heldTotal + (now - since)
        heldSince = nil
        progressAt = now
    }

    /// The limit that has passed, if any.
    func expiry(at now: NIODeadline) -> Expiry? {
        guard heldSince == nil else { return nil }
        if now - startedAt - heldTotal > TimeAmount(limits.total) { return .total }
        let quiet = now - progressAt
        if hasHead { return quiet > TimeAmount(limits.idle) ? .idle : nil }
        return quiet > TimeAmount(limits.firstByte) ? .firstByte : nil
    }
}
