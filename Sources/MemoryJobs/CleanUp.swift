package import BackgroundJobs
package import MemoryCore
package import MemoryStore
internal import Synchronization

/// Deletes what has become too old, and what is more than a session may keep: along the store's indexes, in
/// small transactions between which others go on. Rounds that no summary tells are told by picked sentences
/// before they go.
package struct CleanUp: JobHandler {
    /// How much is done in one go.
    package struct Portion: Sendable {
        /// Sessions of one transaction.
        package var sessions = 64
        /// Messages, or records, of one transaction.
        package var messages = 1000
        /// Messages that are looked at in one read.
        package var looks = 5000

        /// The usual portions.
        package init() {}
    }

    let desk: JobDesk
    let rules: @Sendable () -> RetentionRules
    let isRunning: @Sendable (SessionKey) -> Bool
    let language: @Sendable () -> Language
    let now: @Sendable () -> Timestamp
    let portion: Portion
    private let room: Room
    private let done = SweepTimes()

    /// Room on the disk that is held back for deleting.
    package struct Room: Sendable {
        var release: @Sendable () -> Bool
        var hold: @Sendable () -> Void

        /// - Parameters:
        ///   - release: gives it to the disk; false where there is none.
        ///   - hold: takes it again, where the disk has as much.
        package init(release: @escaping @Sendable () -> Bool, hold: @escaping @Sendable () -> Void) {
            self.release = release
            self.hold = hold
        }

        /// None is held back.
        package static let none = Room(release: { false }, hold: {})
    }

    /// - Parameters:
    ///   - rules: what is kept for how long, as the settings have it.
    ///   - isRunning: whether a request of a session is under way: it is left alone until the next time.
    ///   - language: of our own words in summaries.
    package init(
        storage: any MemoryStorage, rules: @escaping @Sendable () -> RetentionRules,
        isRunning: @escaping @Sendable (SessionKey) -> Bool, language: @escaping @Sendable () -> Language,
        now: @escaping @Sendable () -> Timestamp, room: Room = .none, portion: Portion = Portion()
    ) {
        self.room = room
        desk = JobDesk(storage: storage)
        self.rules = rules
        self.isRunning = isRunning
        self.language = language
        self.now = now
        self.portion = portion
    }

    /// The next start or end of a round asks again.
    package func whenGivenUp(_ job: Job) -> [MemoryChange] { [] }

    /// Cleans up one session that has too many messages, or everything.
    package func run(_ job: Job, _ cancellation: Cancellation) async -> JobResult {
        do throws(StoreError) {
            if let session = job.session {
                return try await fit(session, cancellation)
                    ? .done(round: job.round, []) : .putBack(after: .seconds(1))
            }
            let (all, start) = (rules(), now())
            let due = RetentionRules(all.policies.filter { done.isDue($0.key, $0.value, at: start) })
            guard try await sweep(due, jobs: all.jobs, start, cancellation) else {
                return .putBack(after: .zero)
            }
            done.note(due.policies, at: start)
            room.hold()
            // Rules may have changed meanwhile.
            let next = done.next(self.rules().policies, at: now())
            return next.map(JobResult.again) ?? .done(round: job.round, [])
        } catch {
            return .retry(error: "\(error)", after: nil)
        }
    }

    // MARK: - One session

    /// Deletes a session's oldest rounds until it has no more messages than it may. A tenth more goes, so
    /// that not every round asks for the next clean-up.
    ///
    /// - Returns: whether that is done.
    private func fit(_ key: SessionKey, _ cancellation: Cancellation) async throws(StoreError) -> Bool {
        while !cancellation.isCancelled {
            let details = try await desk.read { (storage) throws(StoreError) in try storage.details(of: key) }
            guard let details, let most = details.life.terms.mostMessages,
                details.life.terms.isExceeded(by: details.messages)
            else { return true }
            let bound = RetentionPick.Bound.count(
                details.messages - (most - most / 10), keepingRound: details.snapshot.lastRound)
            let changes = try await changes(of: key, bound).changes
            // A single round that is longer than all that may be kept stays.
            guard !changes.isEmpty else { return true }
            try await commit(changes)
        }
        return false
    }

    // MARK: - Everything

    /// - Returns: whether it came to its end.
    private func sweep(
        _ rules: RetentionRules, jobs: Duration?, _ start: Timestamp, _ cancellation: Cancellation
    ) async throws(StoreError) -> Bool {
        for (name, policy) in rules.policies.sorted(by: { $0.key < $1.key }) {
            if let time = policy.sessions {
                try await visit(
                    .lastActivity, of: name, before: start.advanced(by: .zero - time), cancellation)
            }
            if let time = policy.messages {
                try await visit(
                    .oldestMessage, of: name, before: start.advanced(by: .zero - time), cancellation)
            }
        }
        if let time = rules.shortestForExchanges {
            try await forgetExchanges(rules, before: start.advanced(by: .zero - time), start, cancellation)
        }
        if let time = jobs {
            try await forgetJobs(before: start.advanced(by: .zero - time), cancellation)
        }
        return !cancellation.isCancelled
    }

    /// Goes along the sessions of a policy that may have become too old.
    private func visit(
        _ age: SessionAge, of policy: String, before moment: Timestamp, _ cancellation: Cancellation
    ) async throws(StoreError) {
        var last: AgedSession?
        while !cancellation.isCancelled {
            let (from, count) = (last, portion.sessions)
            let page = try await desk.read { (storage) throws(StoreError) in
                try storage.agedSessions(
                    by: age, policy: policy, after: from, before: moment, count: count)
            }
            guard let end = page.last else { return }
            last = end
            var gathered = Gathered()
            for session in page where !isRunning(session.key) {
                switch age {
                case .lastActivity: try await erase(session.key, before: moment, &gathered)
                case .oldestMessage: try await trim(session.key, before: moment, &gathered)
                }
            }
            try await commit(&gathered)
        }
    }

    /// Changes on their way into one transaction.
    private struct Gathered {
        private var changes: [MemoryChange] = []
        private var messages = 0

        mutating func add(_ further: [MemoryChange], messages count: Int) {
            changes += further
            messages += count
        }

        func isFull(_ portion: Portion) -> Bool { messages >= portion.messages }

        mutating func take() -> [MemoryChange] {
            defer { self = Gathered() }
            return changes
        }
    }

    private func commit(_ gathered: inout Gathered) async throws(StoreError) {
        let changes = gathered.take()
        if !changes.isEmpty { try await commit(changes) }
    }

    /// Commits; on a full disk once more, in the room that is held back.
    private func commit(_ changes: [MemoryChange]) async throws(StoreError) {
        do throws(StoreError) {
            try await desk.commit(changes)
        } catch {
            guard error.code == .full, room.release() else { throw error }
            try await desk.commit(changes)
        }
    }

    /// Erases a session; one of many messages loses those first, a portion a transaction.
    private func erase(
        _ key: SessionKey, before moment: Timestamp, _ gathered: inout Gathered
    ) async throws(StoreError) {
        while true {
            let count = portion.messages
            let found = try await desk.read { (storage) throws(StoreError) in
                (try storage.details(of: key), try storage.places(of: key, after: 0, count: count + 1))
            }
            guard let details = found.0 else { return }
            let isOver = details.life.status != .open && details.snapshot.lastActiveAt < moment
            guard isOver, found.1.count > count else {
                gathered.add(
                    [.erase(SessionErasure(key, ifNotActiveSince: moment))], messages: found.1.count)
                if gathered.isFull(portion) { try await commit(&gathered) }
                return
            }
            try await commit(&gathered)
            let nodes = found.1.prefix(count).map(\.node)
            try await commit([.trim(SessionTrim(key, nodes: nodes, withExchanges: true))])
        }
    }

    /// Deletes a session's old rounds.
    private func trim(
        _ key: SessionKey, before moment: Timestamp, _ gathered: inout Gathered
    ) async throws(StoreError) {
        while true {
            let found = try await changes(of: key, .olderThan(moment))
            gathered.add(found.changes, messages: found.messages)
            if gathered.isFull(portion) || found.isCutShort { try await commit(&gathered) }
            guard found.isCutShort else { return }
        }
    }
}

/// When each policy was cleaned up last since the start, and by which rules.
private final class SweepTimes: Sendable {
    private let last = Mutex<[String: (rules: RetentionRules.Policy, at: Timestamp)]>([:])

    /// A start, other rules and the interval make a policy due.
    func isDue(_ name: String, _ rules: RetentionRules.Policy, at now: Timestamp) -> Bool {
        guard let last = last.withLock({ $0[name] }), last.rules == rules else { return true }
        return rules.interval.map { now >= last.at.advanced(by: $0) } ?? false
    }

    func note(_ policies: [String: RetentionRules.Policy], at now: Timestamp) {
        last.withLock { last in
            for (name, rules) in policies { last[name] = (rules, now) }
        }
    }

    /// How long it is until a policy is due again, a second at least; nil where none will be.
    func next(_ policies: [String: RetentionRules.Policy], at now: Timestamp) -> Duration? {
        let last = last.withLock { $0 }
        let times = policies.compactMap { name, rules -> Duration? in
            guard let last = last[name], last.rules == rules else { return .seconds(1) }
            guard let interval = rules.interval else { return nil }
            let due = last.at.advanced(by: interval)
            return .microseconds(max(1_000_000, due.microseconds - now.microseconds))
        }
        return times.min()
    }
}

// MARK: - Records

extension CleanUp {
    /// Forgets records of exchanges that are older than their policy keeps them.
    private func forgetExchanges(
        _ rules: RetentionRules, before moment: Timestamp, _ start: Timestamp, _ cancellation: Cancellation
    ) async throws(StoreError) {
        var last: ExchangeID?
        while !cancellation.isCancelled {
            let (from, count) = (last, portion.messages)
            let page = try await desk.read { (storage) throws(StoreError) in
                try storage.agedExchanges(after: from, before: moment, count: count)
            }
            guard let end = page.last else { return }
            last = end.id
            let old = page.filter { rules.isOver($0, at: start) }.map(\.id)
            if !old.isEmpty { try await commit([.forgetExchanges(old)]) }
        }
    }

    private func forgetJobs(
        before moment: Timestamp, _ cancellation: Cancellation
    ) async throws(StoreError) {
        while !cancellation.isCancelled {
            let count = portion.messages
            let jobs = try await desk.read { (storage) throws(StoreError) in
                try storage.finishedJobs(before: moment, count: count)
            }
            guard !jobs.isEmpty else { return }
            try await commit([.forgetJobs(jobs)])
        }
    }
}

extension RetentionRules {
    /// Whether nobody needs a record any longer: a text that is frozen in front of a session is explained by
    /// the record that has it, as long as younger ones of the session refer to it.
    fileprivate func isOver(_ exchange: AgedExchange, at now: Timestamp) -> Bool {
        guard isForgotten(exchangeOf: exchange.policy, created: exchange.createdAt, at: now) else {
            return false
        }
        guard exchange.hasStandingText, let active = exchange.sessionActiveAt else { return true }
        return isForgotten(exchangeOf: exchange.policy, created: active, at: now)
    }
}
