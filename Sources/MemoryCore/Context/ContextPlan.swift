public import NIOCore

/// What memory adds to a request of one session, before it has a place there.
///
/// Between steps the standing text stays as the last step froze it and the window only grows; a step renews
/// both at once.
public struct ContextPlan: Sendable {
    /// What decides how much is added.
    public struct Terms: Sendable {
        /// What may be added.
        public var budget: ContextBudget
        /// How much of the session is offered.
        public var bounds: WindowBounds
        /// How recorded rounds are sent again.
        public var form: ReplayForm
        /// Around the standing text.
        public var fence: MemoryFence
        /// Stands for the settings that the standing text is made under.
        public var settings: UInt64
        /// Whether the chain adds standing text to such a request at all.
        public var hasStanding = false
        /// Estimated tokens that the standing block takes besides its text and fence: those of a message,
        /// where it is one.
        public var standingFrame = 0
        /// Whether this request alone has bounds of its own: nothing is settled by it.
        public var isExceptional = false

        /// Terms by their members.
        public init(
            budget: ContextBudget, bounds: WindowBounds, form: ReplayForm, fence: MemoryFence,
            settings: UInt64
        ) {
            self.budget = budget
            self.bounds = bounds
            self.form = form
            self.fence = fence
            self.settings = settings
        }
    }

    private let terms: Terms
    private let frozen: SessionContext?
    private var window: ReplayWindow
    /// The standing text.
    public private(set) var standing: StandingText
    /// Whether something was there to add that the budget has no room for.
    public private(set) var isShort = false
    /// Why a step was taken; nil where none was.
    public private(set) var step: StepCause?
    private var newestRound = 0

    /// A plan before anything was offered to it.
    ///
    /// - Parameters:
    ///   - frozen: what the last step left; nil in a new session.
    ///   - renewed: gives the standing text as it would be now; asked at a step only.
    public init(_ terms: Terms, frozen: SessionContext?, renewed: () -> StandingText) {
        self.terms = terms
        self.frozen = frozen
        let kept = frozen.flatMap { $0.settings == terms.settings ? $0.standing : nil }
        standing = terms.hasStanding ? kept ?? renewed() : .none
        if terms.hasStanding, let frozen, kept == nil {
            step = frozen.settings == SessionContext.noSettings ? .trimmed : .settings
        }
        window = ReplayWindow(
            terms.bounds, limit: 0, firstRound: frozen?.firstRound ?? 1, form: terms.form)
        window = emptyWindow()
        if !terms.budget.isEnough { isShort = !standing.isEmpty }
    }

    private func emptyWindow() -> ReplayWindow {
        ReplayWindow(
            terms.bounds, limit: terms.budget.estimated - standingTokens,
            firstRound: frozen?.firstRound ?? 1, form: terms.form)
    }

    /// Offers the next older round.
    ///
    /// - Returns: whether a still older one may be offered.
    public mutating func offer(_ turn: StoredTurn) -> Bool {
        newestRound = max(newestRound, turn.round)
        guard terms.budget.isEnough else {
            isShort = true
            return false
        }
        return window.offer(turn)
    }

    /// Ends the offers: takes the step, if one is due.
    ///
    /// - Parameters:
    ///   - isCold: whether the server has no cached prompt of the session left.
    ///   - renewed: gives the standing text as it would be now.
    public mutating func settle(isCold: Bool, renewed: () -> StandingText) {
        guard terms.budget.isEnough, !terms.isExceptional else { return }
        let isFilled = Double(window.tokens + standingTokens) >= 0.8 * Double(terms.budget.estimated)
        guard window.needsStep || isCold && isFilled && !window.isEmpty else { return }
        step = window.needsStep ? .full : .cold
        window.step()
        if frozen != nil, terms.hasStanding { standing = renewed() }
        window.fit(terms.budget.estimated - standingTokens)
    }

    /// Tokens of the standing block; one that does not fit is left out.
    private var standingTokens: Int {
        guard !standing.isEmpty else { return 0 }
        let tokens =
            TokenEstimate.tokens(ofText: standing.text) + terms.fence.tokens + terms.standingFrame
        return tokens <= terms.budget.estimated ? tokens : 0
    }

    // MARK: What comes of it

    /// The standing block in its fence, nil for none.
    public var block: String? {
        terms.budget.isEnough && standingTokens > 0 ? terms.fence.around(standing.text) : nil
    }

    /// The window's messages, oldest first.
    public var messages: [ByteBuffer] { window.messages }

    /// What the session's context is from now on; nil where it stays as it is.
    public var context: SessionContext? {
        guard terms.budget.isEnough, !terms.isExceptional else { return nil }
        let first = window.firstRound(newest: newestRound)
        // Where no plugin may speak, what is frozen waits for requests where one may.
        let isFrozen = !terms.hasStanding && frozen != nil
        let standing = isFrozen ? frozen?.standing ?? .none : standing
        let context = SessionContext(
            standing: standing, firstRound: first,
            settings: isFrozen ? frozen?.settings ?? terms.settings : terms.settings,
            madeBy: standing == frozen?.standing ? frozen?.madeBy : nil)
        let saysNothing = frozen == nil && !terms.hasStanding && first == 1
        return saysNothing || context == frozen ? nil : context
    }

    /// The exchange that put the standing text in front first; nil where that is this one.
    public var standingMadeBy: ExchangeID? { standing == frozen?.standing ? frozen?.madeBy : nil }

    /// Whether there is something to add, whatever room there is.
    public var hasOffers: Bool { isShort || newestRound > 0 || !standing.isEmpty }

    /// Notes that stand behind the window's questions.
    public var shownNotes: [String] { window.notes }

    /// Estimated tokens of what is added.
    ///
    /// - Parameter isPlaced: whether the standing block has found a place.
    public func tokens(isPlaced: Bool) -> Int { window.tokens + (isPlaced ? standingTokens : 0) }

    /// What is recorded of it, and told to the client.
    ///
    /// - Parameter isPlaced: whether the standing block has found a place.
    public func record(isPlaced: Bool) -> InjectionRecord {
        InjectionRecord(
            standing: isPlaced ? standing.items : 0, window: window.rounds,
            tokens: terms.budget.scaled(tokens(isPlaced: isPlaced)),
            reason: reason)
    }

    /// Why this much and no more.
    private var reason: String {
        terms.budget.isEnough
            ? window.reason : "\(max(0, terms.budget.tokens)) tokens left, less than 300"
    }

    /// What is added, block by block.
    ///
    /// - Parameters:
    ///   - isPlaced: whether the standing block has found a place.
    ///   - plugin: whose the window is.
    public func blocks(isPlaced: Bool, window plugin: String) -> [InjectedBlock] {
        var blocks: [InjectedBlock] = []
        if isPlaced, standingTokens > 0 {
            blocks = standing.parts.map { part in
                var block = InjectedBlock(
                    plugin: part.plugin, kind: part.isDigest ? .digest : .standing,
                    tokens: terms.budget.scaled(TokenEstimate.tokens(ofText: part.text)),
                    reason: standingMadeBy == nil ? "made by this request" : "frozen since an earlier one")
                block.items = part.summaries.map(InjectedItem.summary)
                if let maker = standingMadeBy { block.textOf = maker } else { block.text = part.text }
                return block
            }
        }
        guard !window.rounds.isEmpty else { return blocks }
        var block = InjectedBlock(
            plugin: plugin, kind: .window, tokens: terms.budget.scaled(window.tokens), reason: reason)
        block.items = window.rounds.map(InjectedItem.round)
        return blocks + [block]
    }
}
