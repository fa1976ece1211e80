package import BackgroundJobs
package import MemoryCore
package import MemoryStore

/// Tells what was said in a session that has ended: at once by sentences that are picked from it, then by a
/// model, whose summary takes their place. A session that goes on afterwards is told anew from the last
/// summary and what came since.
package struct EndSession: JobHandler {
    /// Tokens that a model is asked for.
    static let wantedTokens = 250
    /// Tokens that a summary may have.
    static let mostTokens = 400
    /// Tokens of picked sentences.
    static let extractiveTokens = 250

    private let desk: JobDesk
    private let models: any MemoryModels
    private let language: @Sendable () -> Language
    private let now: @Sendable () -> Timestamp

    /// - Parameter language: of our own words in transcripts.
    package init(
        storage: any MemoryStorage, models: any MemoryModels, language: @escaping @Sendable () -> Language,
        now: @escaping @Sendable () -> Timestamp
    ) {
        desk = JobDesk(storage: storage)
        self.models = models
        self.language = language
        self.now = now
    }

    /// What was picked stands for good.
    package func whenGivenUp(_ job: Job) -> [MemoryChange] {
        guard let session = job.session else { return [] }
        return [.mark(SessionMark(session, endedAt: job.endedAt, status: .archived))]
    }

    /// Picks sentences where that was not done, then asks a model.
    package func run(_ job: Job, _ cancellation: Cancellation) async -> JobResult {
        guard let session = job.session else { return .done(round: job.round, []) }
        do throws(StoreError) {
            guard let found = try await read(session) else { return .done(round: job.round, []) }
            let details = found.details
            let place = Place(found.chain, until: job.round)
            guard let rounds = place.rounds else { return finished(job, details, []) }
            let turns = try await desk.turns(of: session, rounds)
            guard !turns.isEmpty || place.previous?.purpose == .fold else {
                return finished(job, details, [])
            }
            let transcript = SummaryTranscript(of: turns, language: language())
            let isOneShot = details.life.terms.isFoundByContent && details.snapshot.lastRound == 1
            var summary = place.summary(
                of: session, rounds, anchor: turns.last?.messages.last?.node ?? 0,
                at: job.endedAt ?? job.createdAt)
            summary.isStanding = !isOneShot
            if !place.isBegun {
                let picked = ExtractiveSummary(
                    transcript, previous: place.previous?.text, tokens: Self.extractiveTokens)
                summary.text = picked.text
                summary.source = .extractive
                try await desk.commit([
                    .summarise(summary),
                    .mark(
                        SessionMark(
                            session, endedAt: job.endedAt, status: .summarised, toldRound: job.round)),
                ])
            }
            guard !isOneShot, !turns.isEmpty else { return finished(job, details, []) }
            // Picked sentences tell also of rounds that were deleted since.
            let isWhole = found.trimmedRound < rounds.lowerBound || !place.isBegun
            let previous = isWhole ? place.previous?.text : place.begun?.text
            return await tell(job, details, transcript, previous, summary, cancellation)
        } catch {
            return .retry(error: "\(error)", after: nil)
        }
    }

    private struct Found: Sendable {
        var details: SessionDetails
        var chain: [SessionSummary]
        var trimmedRound: Int
    }

    private func read(_ session: SessionKey) async throws(StoreError) -> Found? {
        try await desk.read { (storage) throws(StoreError) in
            guard let details = try storage.details(of: session) else { return nil }
            return Found(
                details: details, chain: try storage.summaries(of: session),
                trimmedRound: try storage.background(of: session)?.trimmedRound ?? 0)
        }
    }

    /// Has a model tell it.
    private func tell(
        _ job: Job, _ details: SessionDetails, _ transcript: SummaryTranscript, _ previous: String?,
        _ summary: SessionSummary, _ cancellation: Cancellation
    ) async -> JobResult {
        let question = SummaryQuestion(transcript, previous: previous)
        switch await question.ask(models, for: details.life.terms, cancellation) {
        case .text(let text, let model):
            var better = summary
            better.text = text
            better.source = .model
            better.model = model
            return finished(job, details, [.summarise(better)])
        case .absent, .refused:
            // What was picked stands.
            return finished(job, details, [])
        case .later(let time):
            return .putBack(after: time)
        case .failed(let error, let after):
            return .retry(error: error, after: after)
        }
    }

    private func finished(_ job: Job, _ details: SessionDetails, _ changes: [MemoryChange]) -> JobResult {
        let key = details.key
        var changes = changes
        changes.append(
            .mark(SessionMark(key, endedAt: job.endedAt, status: .archived, toldRound: job.round)))
        if details.life.title == nil, details.life.terms.makesTitle, details.snapshot.lastRound > 0 {
            changes.append(
                .enqueue(NewJob(.title, session: key, round: details.snapshot.lastRound, at: now())))
        }
        return .done(round: job.round, changes)
    }

    /// Where a summary stands in its session's chain.
    struct Place {
        /// The summary that it goes on from.
        var previous: SessionSummary?
        /// One that stands already, by an earlier run of the same job.
        var begun: SessionSummary?
        /// What it is to tell; nil where all of it is told.
        var rounds: ClosedRange<Int>?
        private let next: Int

        /// Whether picked sentences stand already.
        var isBegun: Bool { begun != nil }

        init(_ chain: [SessionSummary], until round: Int) {
            next = (chain.map(\.number).max() ?? 0) + 1
            var earlier = chain[...]
            if let last = chain.last(where: { $0.purpose == .end }), last.rounds.upperBound >= round {
                // What a model or a person has told is not told again.
                guard last.source == .extractive else { return }
                begun = last
                earlier = chain.prefix { $0.number < last.number }
            }
            // What was folded before it was deleted is told by its fold.
            previous = earlier.last
            let told = earlier.last { $0.purpose == .end }?.rounds.upperBound ?? 0
            let first = begun?.rounds.lowerBound ?? min((previous?.rounds.upperBound ?? 0), round - 1) + 1
            rounds = max(first, told + 1) <= round ? max(first, told + 1)...round : nil
        }

        func summary(
            of session: SessionKey, _ rounds: ClosedRange<Int>, anchor: UInt64, at moment: Timestamp
        ) -> SessionSummary {
            begun
                ?? SessionSummary(
                    session: session, number: next, parent: previous?.number, purpose: .end, rounds: rounds,
                    anchor: anchor, text: "", model: nil, createdAt: moment)
        }
    }
}
