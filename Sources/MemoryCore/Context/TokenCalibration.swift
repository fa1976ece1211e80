/// How far a model's tokens are from the estimated ones, learnt from what its server reports.
public struct TokenCalibration: Hashable, Sendable {
    /// The model's tokens in an estimated one.
    public private(set) var factor = 1.0
    private var reports = 0

    /// One that has learnt nothing.
    public init() {}

    /// What a report showed.
    public enum Finding: Hashable, Sendable {
        /// It was learnt from, or counts for nothing.
        case usual
        /// The server read far less than it was sent: it takes only so many tokens.
        case truncated(Int)
    }

    /// Takes the tokens that a server reports for a request that it answered.
    ///
    /// - Parameters:
    ///   - estimated: tokens of the request as it was sent, not scaled.
    ///   - reported: the server's count, without what came from a cache where it leaves that out.
    ///   - cached: of these from a cache.
    ///   - window: what the model is taken to take.
    public mutating func learn(estimated: Int, reported: Int, cached: Int, window: Int) -> Finding {
        // Of short requests the frame is most, which each server builds in its own way; what is net of a
        // cache counts for nothing.
        guard estimated >= 64, reported > 0, cached <= reported else { return .usual }
        let expected = Double(estimated) * factor
        if expected > Double(window) * 0.75, Double(reported) < expected * 0.6, cached == 0 {
            // No model takes less than that: such a server counts something else.
            return reported >= ModelWindow.least ? .truncated(reported) : .usual
        }
        guard Double(reported) <= Double(window) * 0.9 else { return .usual }
        let ratio = Double(reported) / Double(estimated)
        // No tokenizer is that far off: such a server counts something else.
        guard (0.4...3).contains(ratio) else { return .usual }
        let seen = min(2.0, max(0.7, ratio))
        // The first ones count most, so that a wrong beginning does not last.
        reports = min(reports + 1, 8)
        factor += (seen - factor) / Double(reports)
        return .usual
    }
}
