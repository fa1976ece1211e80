package import BackgroundJobs
internal import ChatWire
package import MemoryCore
package import MemoryStore

/// Gives a session a title, once: a model's, else its first line.
package struct GiveTitle: JobHandler {
    /// How often a model is tried.
    static let attempts = 3
    /// Rounds that a title is made of.
    static let rounds = 3

    private let desk: JobDesk
    private let models: any MemoryModels
    private let language: @Sendable () -> Language

    /// - Parameter language: of our own words in transcripts.
    package init(
        storage: any MemoryStorage, models: any MemoryModels, language: @escaping @Sendable () -> Language
    ) {
        desk = JobDesk(storage: storage)
        self.models = models
        self.language = language
    }

    /// A session may do without a title.
    package func whenGivenUp(_ job: Job) -> [MemoryChange] { [] }

    /// Asks a model, a few times, and takes the first line where that leads to nothing.
    package func run(_ job: Job, _ cancellation: Cancellation) async -> JobResult {
        guard let session = job.session else { return .done(round: job.round, []) }
        do throws(StoreError) {
            guard
                let details = try await desk.read({ (storage) throws(StoreError) in
                    try storage.details(of: session)
                }), details.life.title == nil
            else { return .done(round: job.round, []) }
            let first = max(1, details.snapshot.lastRound - 50)
            let turns = try await desk.turns(of: session, first...max(first, details.snapshot.lastRound))
            let transcript = SummaryTranscript(of: Array(turns.prefix(Self.rounds)), language: language())
            guard let question = transcript.entries.first(where: { $0.role == .user })?.text else {
                return .done(round: job.round, [])
            }
            func named(_ title: String) -> JobResult {
                // A line of nothing but marks names nothing.
                guard !title.isEmpty else { return .done(round: job.round, []) }
                let mark = SessionMark(session, title: title, replacesTitle: false)
                return .done(round: job.round, [.mark(mark)])
            }
            let line = SessionTitle.firstLine(of: question)
            let isOneShot = details.life.terms.isFoundByContent && details.snapshot.lastRound == 1
            guard !isOneShot else { return named(line) }
            let answer = await models.ask(.title, for: details.life.terms, cancellation) { room in
                SummaryPrompt.title(of: transcript.fitted(tokens: max(64, min(1000, room - 200))))
            }
            switch answer {
            case .text(let text, _): return named(SessionTitle.cleaned(text) ?? line)
            case .absent, .refused: return named(line)
            case .later(let time): return .putBack(after: time)
            case .failed(let error, let after):
                return job.attempts < Self.attempts ? .retry(error: error, after: after) : named(line)
            }
        } catch {
            return .retry(error: "\(error)", after: nil)
        }
    }
}
