/// A summary of some rounds of a session, one link of its chain.
public struct SessionSummary: Hashable, Sendable {
    /// What it is for.
    public enum Purpose: UInt8, Sendable, CaseIterable {
        /// Rounds that left the window of their own session.
        case fold = 0
        /// A session that has ended: standing memory of its owner's other sessions.
        case end = 1
    }

    /// Who wrote it (admin API: `source`).
    public enum Source: UInt8, Sendable, CaseIterable {
        /// A model.
        case model = 0
        /// Nobody: sentences were picked.
        case extractive = 1
        /// A person.
        case hand = 2
    }

    /// The session.
    public var session: SessionKey
    /// Its place in the session's chain, from 1.
    public var number: Int
    /// The summary it goes on from; nil for the first.
    public var parent: Int?
    /// What it is for.
    public var purpose: Purpose
    /// The rounds it tells.
    public var rounds: ClosedRange<Int>
    /// The last message it tells.
    public var anchor: UInt64
    /// What it says.
    public var text: String
    /// The model that wrote it; nil where none did.
    public var model: String?
    /// When it was made.
    public var createdAt: Timestamp
    /// Who wrote it.
    public var source = Source.model
    /// Whether the owner's other sessions are told of it.
    public var isStanding = true

    /// A summary by its members.
    public init(
        session: SessionKey, number: Int, parent: Int?, purpose: Purpose, rounds: ClosedRange<Int>,
        anchor: UInt64, text: String, model: String?, createdAt: Timestamp
    ) {
        self.session = session
        self.number = number
        self.parent = parent
        self.purpose = purpose
        self.rounds = rounds
        self.anchor = anchor
        self.text = text
        self.model = model
        self.createdAt = createdAt
    }
}
