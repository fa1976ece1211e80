internal import MemoryCore
internal import MemoryStore

/// What the store knows that matters for a request: how the request relates to its session, and what is put
/// in front. A value made by one read, on the event loop or on the store's reader thread.
struct Recollection: Sendable {
    /// What is to be read.
    struct Query: Sendable {
        var key: SessionKey
        var outline: RequestOutline
        var fence: MemoryFence
        /// How much may be added; nil where nothing may.
        var terms: ContextPlan.Terms?
        /// Asks for standing text.
        var plugins: PluginRun
        /// The round of an earlier try, which is not put in front of a further one.
        var retriedRound: Int?
        var coldMicroseconds: Int64

        /// Whether the store has to be asked at all.
        ///
        /// - Parameter isKnown: whether the session may be there.
        func isNeeded(isKnown: Bool) -> Bool {
            if terms?.hasStanding ?? false { return true }
            guard isKnown else { return false }
            return outline.hasToolStep || outline.mayAskAgain || terms != nil && !outline.bringsHistory
        }
    }

    /// How the request relates to its session.
    private(set) var resolution: TurnResolution
    /// What goes in front; nil where nothing may.
    private(set) var plan: ContextPlan?
    /// What became of the plugins that were asked.
    private(set) var plugins = PluginRun.Outcome<StandingText>()

    /// What is known without reading.
    init(unread query: Query) {
        resolution = .unread(query.outline, query.fence)
        plan = nil
    }

    /// Reads.
    init(_ query: Query, from storage: any MemoryStorage) throws(StoreError) {
        self.init(unread: query)
        var asked: PluginRun.Outcome<StandingText>?
        var deleted = StandingText.none
        func renewed() -> StandingText {
            guard query.terms?.hasStanding ?? false else { return deleted }
            let outcome = asked ?? query.plugins.standing()
            asked = outcome
            return ([deleted] + outcome.values).joined
        }
        var reading = Reading(query)
        let background =
            query.terms == nil && !query.outline.mayAskAgain
            ? nil : try storage.background(of: query.key)
        reading.isResent = query.outline.isResent || background?.bringsHistory ?? false
        if var terms = query.terms {
            // The window cannot show what was deleted; a client that sends everything does.
            if let round = background?.trimmedRound, round > 0, !reading.isResent {
                deleted = try Self.told(upTo: round, of: query.key, storage)
                terms.hasStanding = terms.hasStanding || !deleted.isEmpty
            }
            reading.plan = ContextPlan(terms, frozen: background?.context, renewed: renewed)
        }
        let session = try storage.walkTurns(of: query.key) { reading.visit($0) }
        reading.end()
        resolution = reading.resolution
        plan = reading.plan
        let silence = session.map { query.plugins.now.microseconds - $0.lastActiveAt.microseconds }
        plan?.settle(isCold: (silence ?? 0) > query.coldMicroseconds, renewed: renewed)
        plugins = asked ?? plugins
    }

    /// The summary of a session's deleted rounds: each link of the chain goes on from the one before it.
    private static func told(
        upTo round: Int, of key: SessionKey, _ storage: any MemoryStorage
    ) throws(StoreError) -> StandingText {
        let chain = try storage.summaries(of: key)
        guard let link = chain.first(where: { $0.rounds.upperBound >= round }) ?? chain.last else {
            return .none
        }
        return StandingText(
            link.text, items: 1, of: [SummaryPlace(session: key.name, number: link.number)]
        ).said(by: "recent-window")
    }
}

/// A walk along a session's rounds, newest first.
private struct Reading {
    private let query: Recollection.Query
    var plan: ContextPlan?
    /// Whether requests of the session bring their own history.
    var isResent: Bool
    private(set) var resolution: TurnResolution
    private var newest: StoredTurn?
    private var oldest: StoredTurn?
    private var isResolved = false
    private var shown: Set<CanonicalForm> = []

    init(_ query: Recollection.Query) {
        self.query = query
        isResent = query.outline.isResent
        resolution = .unread(query.outline, query.fence)
    }

    /// - Returns: whether an older round may be visited.
    mutating func visit(_ turn: StoredTurn) -> Bool {
        if let retried = query.retriedRound, turn.round >= retried { return true }
        oldest = turn
        guard newest != nil else {
            newest = turn
            // Whether it is the only one matters where the request may ask its question again.
            return plan != nil && !query.outline.bringsHistory || query.outline.mayAskAgain
        }
        // Which one was the first matters where the client sends everything and this request holds no reply.
        if isResent, query.outline.mayAskAgain { return true }
        if !isResolved, !resolve(oldest: nil) { return false }
        return offer(turn)
    }

    /// No older round comes.
    mutating func end() {
        if !isResolved { _ = resolve(oldest: oldest) }
    }

    /// - Returns: whether an older round may be offered.
    private mutating func resolve(oldest: StoredTurn?) -> Bool {
        isResolved = true
        resolution = .interim(
            query.outline, newest: newest, oldest: oldest, isResent: isResent, fence: query.fence)
        guard resolution.replays, plan != nil else { return false }
        shown = query.outline.earlierQuestions(before: resolution.new.lowerBound, query.fence)
        // The window ends before the open turn.
        guard let newest, resolution.stand == nil else { return true }
        return offer(newest)
    }

    private mutating func offer(_ turn: StoredTurn) -> Bool {
        guard resolution.replays, plan != nil else { return false }
        if !shown.isEmpty, turn.isShown(among: shown, query.fence) { return true }
        return plan?.offer(turn) ?? false
    }
}

extension TurnResolution {
    /// What is known of a request whose session nobody read.
    fileprivate static func unread(_ outline: RequestOutline, _ fence: MemoryFence) -> TurnResolution {
        .interim(outline, newest: nil, oldest: nil, isResent: outline.isResent, fence: fence)
    }
}
