/// What is kept for how long, by policy.
public struct RetentionRules: Hashable, Sendable {
    /// The rules of one policy; nil is for ever.
    public struct Policy: Hashable, Sendable {
        /// How long a message is kept.
        public var messages: Duration?
        /// How long a session is kept without activity.
        public var sessions: Duration?
        /// How long the record of an exchange is kept.
        public var exchanges: Duration?
        /// How long it is from one clean-up to the next; nil where only a start cleans up.
        public var interval: Duration?

        /// Rules by their members.
        public init(
            messages: Duration? = nil, sessions: Duration? = nil, exchanges: Duration? = nil,
            every interval: Duration? = nil
        ) {
            self.messages = messages
            self.sessions = sessions
            self.exchanges = exchanges
            self.interval = interval
        }
    }

    /// By the policies' names. What belongs to a policy that is not among them is kept.
    public var policies: [String: Policy]
    /// Rules by the policies' names.
    public init(_ policies: [String: Policy]) {
        self.policies = policies
    }

    /// How long finished jobs are kept: as long as the records of any policy.
    public var jobs: Duration? {
        let times = policies.values.map(\.exchanges)
        return times.contains(nil) ? nil : times.compactMap(\.self).max()
    }

    /// Whether a record has outlived its policy's time.
    ///
    /// - Parameter created: when its exchange began.
    public func isForgotten(exchangeOf policy: String, created: Timestamp, at now: Timestamp) -> Bool {
        guard let time = policies[policy]?.exchanges else { return false }
        return created < now.advanced(by: .zero - time)
    }

    /// The shortest time for which any policy keeps records; nil where all are kept.
    public var shortestForExchanges: Duration? { policies.values.compactMap(\.exchanges).min() }
}
