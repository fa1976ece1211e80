package import BackgroundJobs
package import MemoryCore

/// What calls of our own are for (`X-Memory-Purpose`).
package enum ModelPurpose: String, Sendable, CaseIterable {
    /// The summary of a session.
    case summary
    /// The title of a session.
    case title
}

/// Models that work for the memory itself, with the gateway's own credential.
package protocol MemoryModels: Sendable {
    /// Asks a model.
    ///
    /// - Parameters:
    ///   - session: names the upstream and the model where the settings say `auto`.
    ///   - prompt: makes the prompt, given the tokens that it may have.
    func ask(
        _ purpose: ModelPurpose, for session: SessionTerms, _ cancellation: Cancellation,
        _ prompt: @Sendable (Int) -> SummaryPrompt
    ) async -> ModelAnswer
}

/// What came of a call.
package enum ModelAnswer: Hashable, Sendable {
    /// What the model said, and which one it was.
    case text(String, model: String)
    /// There is none to be asked.
    case absent
    /// It may not be asked now; tried again after a while.
    case later(Duration)
    /// It failed for now; after a while where it said how long.
    case failed(String, after: Duration?)
    /// It will not answer this.
    case refused(String)
}
