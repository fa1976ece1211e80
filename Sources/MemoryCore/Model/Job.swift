/// Work that is kept in the store until it is done (admin API: `job`).
public struct Job: Hashable, Sendable {
    /// The kinds of work.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Summarises a session that has ended.
        case endSession = 1
        /// Gives a session a title.
        case title = 2
        /// Deletes what has become too old.
        case cleanUp = 3

        /// As the admin API spells it.
        public var name: String {
            switch self {
            case .endSession: "end-session"
            case .title: "title"
            case .cleanUp: "clean-up"
            }
        }
    }

    /// How far a job is.
    public enum Status: UInt8, Sendable, CaseIterable {
        /// It runs as soon as there is room for it.
        case queued = 0
        /// It runs. After a crash it is queued again.
        case running = 1
        /// It failed, and is tried again at its time.
        case waiting = 2
        /// It was given up.
        case failed = 3
        /// It is done.
        case done = 4

        /// As the admin API spells it.
        public var name: String { "\(self)" }

        /// Whether it is still to be done.
        public var isActive: Bool { self == .queued || self == .running || self == .waiting }
    }

    /// Its number, never given twice.
    public var id: UInt64
    /// What is to be done.
    public var kind: Kind
    /// The session it is about; nil where it is about none.
    public var session: SessionKey?
    /// The last round it is about. While it runs a further end may raise it: then it runs again.
    public var round: Int
    /// The end it belongs to.
    public var endedAt: Timestamp?
    /// How far it is.
    public var status: Status
    /// How often it was begun and failed, or did not come to an end.
    public var attempts: Int
    /// When it is due; of a finished one, when it was finished.
    public var nextAt: Timestamp
    /// Why it failed last, or nil.
    public var error: String?
    /// When it was asked for.
    public var createdAt: Timestamp

    /// A job by its members.
    public init(
        id: UInt64, kind: Kind, session: SessionKey?, round: Int, endedAt: Timestamp?, status: Status,
        attempts: Int, nextAt: Timestamp, error: String?, createdAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.session = session
        self.round = round
        self.endedAt = endedAt
        self.status = status
        self.attempts = attempts
        self.nextAt = nextAt
        self.error = error
        self.createdAt = createdAt
    }

    /// A job that was just asked for.
    public init(id: UInt64, _ new: NewJob) {
        self.init(
            id: id, kind: new.kind, session: new.session, round: new.round, endedAt: new.endedAt,
            status: .queued, attempts: 0, nextAt: new.at, error: nil, createdAt: new.at)
    }

    /// Joins a job of the same kind and session that is asked for while this one is to be done.
    public mutating func join(_ new: NewJob) {
        round = max(round, new.round)
        endedAt = new.endedAt ?? endedAt
        // Work by the clock is asked for early; what waits for somebody else is not.
        if kind == .cleanUp, status == .queued || status == .waiting { nextAt = min(nextAt, new.at) }
    }

    /// Whether a step makes sense: what is finished can only be done again, what is to be done only go on.
    public func allows(_ step: JobStep) -> Bool {
        status.isActive ? step.outcome != .again || status == .waiting : step.outcome == .again
    }

    /// What becomes of it by a step.
    public mutating func take(_ step: JobStep) {
        switch step.outcome {
        case .begun:
            status = .running
            attempts += 1
        case .putBack(let moment):
            status = .queued
            attempts = max(0, attempts - 1)
            nextAt = moment
        case .repeated(let moment):
            status = .queued
            attempts = 0
            error = nil
            nextAt = moment
        case .wait(let moment, let reason):
            status = .waiting
            nextAt = moment
            error = reason
        case .failed(let reason):
            status = .failed
            error = reason
            nextAt = step.at
        case .done(let told):
            error = nil
            nextAt = step.at
            // What was said since then is not told yet.
            guard round <= told else {
                status = .queued
                attempts = 0
                return
            }
            status = .done
        case .again:
            status = .queued
            attempts = 0
            error = nil
            nextAt = step.at
        }
    }
}

/// A job that is asked for. One of a kind and session is to be done at a time: a second one joins it.
public struct NewJob: Hashable, Sendable {
    /// What is to be done.
    public var kind: Job.Kind
    /// The session it is about.
    public var session: SessionKey?
    /// The last round it is about.
    public var round: Int
    /// The end it belongs to.
    public var endedAt: Timestamp?
    /// From when on.
    public var at: Timestamp

    /// A job by its members.
    public init(
        _ kind: Job.Kind, session: SessionKey?, round: Int = 0, endedAt: Timestamp? = nil, at: Timestamp
    ) {
        self.kind = kind
        self.session = session
        self.round = round
        self.endedAt = endedAt
        self.at = at
    }
}

/// What becomes of a job.
public struct JobStep: Hashable, Sendable {
    /// The ways it can go.
    public enum Outcome: Hashable, Sendable {
        /// It begins to run.
        case begun
        /// It was broken off without a fault of its own, and is queued from a moment on.
        case putBack(Timestamp)
        /// It is done for now, and comes round again at a moment.
        case repeated(Timestamp)
        /// It failed, and is tried again at a moment.
        case wait(Timestamp, error: String)
        /// It is given up.
        case failed(String)
        /// It is done, up to a round.
        case done(round: Int)
        /// A finished or failed one is to be done again.
        case again
    }

    /// The job.
    public var id: UInt64
    /// How it goes on.
    public var outcome: Outcome
    /// When.
    public var at: Timestamp

    /// A step by its members.
    public init(_ id: UInt64, _ outcome: Outcome, at: Timestamp) {
        self.id = id
        self.outcome = outcome
        self.at = at
    }
}

/// What jobs are counted by.
public struct JobTally: Hashable, Sendable, CaseIterable {
    /// What is done.
    public let kind: Job.Kind
    /// How far it is.
    public let status: Job.Status

    /// A tally by its members.
    public init(_ kind: Job.Kind, _ status: Job.Status) {
        self.kind = kind
        self.status = status
    }

    /// Every one there is, those of later kinds last.
    public static let allCases = Job.Kind.allCases.flatMap { kind in
        Job.Status.allCases.map { JobTally(kind, $0) }
    }
}
