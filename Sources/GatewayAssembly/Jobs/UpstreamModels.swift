internal import BackgroundJobs
internal import ChatWire
internal import ExchangePipeline
internal import GatewaySettings
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryJobs
internal import NIOCore
internal import Synchronization
internal import UpstreamClient

/// Asks model servers on the memory's own behalf: with the upstream's key or none, never with a client's, and
/// never through the memory itself. Makes way for chats at local servers, keeps away from models that fail,
/// and keeps to its tokens.
final class UpstreamModels: MemoryModels {
    /// How long a local server has to be quiet.
    static let quiet = Duration.seconds(20)

    /// What it needs of one event loop.
    struct Means: Sendable {
        var transport: NIOLoopBound<any UpstreamTransport>
        var clock: NIOLoopBound<any LoopClock>
        var now: @Sendable () -> Timestamp
        /// Names this process in `X-Memory-Hop`.
        var hopName: String
        var logger: Logger
    }

    /// A model at a server, as the settings of one time have it.
    private struct Model: Hashable {
        var origin: String
        var name: String
        var generation: Int
    }

    /// What is asked of a model.
    private struct Question {
        var purpose: ModelPurpose
        var use: Configuration.Models.Use
        var model: Model
        var request: UpstreamRequest
        var bodyBytes: Int
    }

    private struct State {
        var settings: ModelSettings
        /// Counts reloads: what comes of a call that began before one says nothing of what holds since.
        var generation = 0
        var breakers: [Model: Breaker] = [:]
        var turns: [String: TurnQueue] = [:]
        /// Servers that refused our credential, or none: asked again after a reload.
        var stopped: [String: String] = [:]
    }

    let ledger: TokenLedger
    private let means: Means
    private let activity: UpstreamActivity
    private let state: Mutex<State>

    init(_ settings: ModelSettings, _ means: Means, _ activity: UpstreamActivity, _ ledger: TokenLedger) {
        self.means = means
        self.activity = activity
        self.ledger = ledger
        state = Mutex(State(settings: settings))
    }

    /// The settings were read again: what was refused may be taken now.
    func reload(_ settings: ModelSettings) {
        state.withLock { state in
            state.settings = settings
            state.generation += 1
            state.stopped = [:]
            state.breakers = [:]
        }
    }

    /// The language of our own words.
    var language: Language { state.withLock { $0.settings.language } }

    /// Why servers are not asked until a reload, by their upstreams' names.
    var stopped: [String: String] { state.withLock { $0.stopped } }

    // MARK: Asking

    func ask(
        _ purpose: ModelPurpose, for session: SessionTerms, _ cancellation: Cancellation,
        _ prompt: @Sendable (Int) -> SummaryPrompt
    ) async -> ModelAnswer {
        let (settings, generation) = state.withLock { ($0.settings, $0.generation) }
        let use = settings.use(purpose)
        let entry = settings.entry(use, session)
        let model = use.model ?? session.model
        guard entry.upstream.isServer else { return .absent }
        if let reason = state.withLock({ $0.stopped[entry.upstream.name] }) { return .refused(reason) }
        if let wait = ledger.wait(for: purpose, bound: use.tokensPerDay, at: means.now()) {
            return .later(wait)
        }
        let isYielding = settings.yields(use, to: entry.upstream)
        let turns = isYielding ? turns(at: entry.upstream) : nil
        if let turns {
            guard await turns.take(cancellation) else { return .later(.zero) }
        }
        defer { turns?.giveBack() }
        if isYielding, let wait = wait(for: entry.upstream) {
            // The turn is kept, so that those behind do not ask as well.
            guard await pause(for: wait, cancellation), self.wait(for: entry.upstream) == nil else {
                return .later(.seconds(1))
            }
        }
        let key = Model(origin: entry.upstream.origin, name: model, generation: generation)
        if case .wait(let until) = breaker(key, { $0.ask(at: means.now()) }) {
            return .later(.microseconds(until.microseconds - means.now().microseconds))
        }
        let body = body(of: key, use, entry, prompt)
        let question = Question(
            purpose: purpose, use: use, model: key, request: request(purpose, body, entry),
            bodyBytes: body.count)
        return await send(question, isYielding: isYielding, cancellation)
    }

    private func turns(at upstream: Upstream) -> TurnQueue {
        state.withLock { state in
            if let queue = state.turns[upstream.origin] { return queue }
            let queue = TurnQueue()
            state.turns[upstream.origin] = queue
            return queue
        }
    }

    /// How long until a local server has been quiet for long enough; nil where it has.
    private func wait(for upstream: Upstream) -> Duration? {
        guard let quiet = activity.quietMicroseconds(of: upstream, means.now()) else { return nil }
        let left = Self.quiet - .microseconds(quiet)
        return left > .zero ? left : nil
    }

    /// - Returns: whether the time has passed; false where it was broken off.
    private func pause(for time: Duration, _ cancellation: Cancellation) async -> Bool {
        let promise = means.clock.eventLoop.makePromise(of: Bool.self)
        let number = cancellation.onCancel { promise.succeed(false) }
        defer { cancellation.forget(number) }
        let clock = means.clock
        clock.eventLoop.execute {
            let timer = clock.value.schedule(at: clock.value.now + TimeAmount(time)) { promise.succeed(true) }
            promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
        }
        return (try? await promise.futureResult.get()) ?? false
    }

    private func breaker<Result: Sendable>(
        _ model: Model, _ body: (inout Breaker) -> Result
    ) -> Result {
        state.withLock { state in
            // Names of models are the clients' to choose.
            if state.breakers.count > 1000 { state.breakers = state.breakers.filter { $0.value.isOpen } }
            return body(&state.breakers[model, default: Breaker()])
        }
    }

    private func body(
        of model: Model, _ use: Configuration.Models.Use, _ entry: UpstreamTable.Entry,
        _ prompt: (Int) -> SummaryPrompt
    ) -> [UInt8] {
        let window = entry.window(of: model.name)
        // A part of the window is left to what the estimate misses.
        let reply = use.maxTokens ?? 512
        var question = prompt(max(256, (window - reply) * 3 / 4))
        if let most = use.maxTokens { question.maxTokens = most }
        return question.body(model: model.name)
    }

    private func request(
        _ purpose: ModelPurpose, _ body: [UInt8], _ entry: UpstreamTable.Entry
    ) -> UpstreamRequest {
        var headers = HeaderFields()
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "application/json")
        headers.append("X-Memory-Purpose", purpose.rawValue)
        headers.append(HopFields.memoryHop, means.hopName)
        entry.completeOwn(&headers)
        return UpstreamRequest(
            method: "POST", upstream: entry.upstream,
            target: UpstreamPath.versioned("/chat/completions").target(below: entry.upstream.basePath),
            headers: headers, body: .bytes(ByteBuffer(bytes: body)))
    }

    private func send(
        _ question: Question, isYielding: Bool, _ cancellation: Cancellation
    ) async -> ModelAnswer {
        let upstream = question.request.upstream
        let call = Cancellation()
        let outer = cancellation.onCancel { call.cancel() }
        defer { cancellation.forget(outer) }
        var chat: Int?
        if isYielding {
            chat = activity.whenUsed(upstream) { call.cancel() }
            guard chat != nil else {
                breaker(question.model) { $0.gaveUp() }
                return .later(Self.quiet)
            }
        }
        let outcome = await ModelCall.send(
            question.request, over: means.transport, means.clock, within: question.use.timeout, call)
        if let chat { activity.forget(chat, at: upstream) }
        return judge(outcome, question)
    }

    // MARK: Answers

    private func judge(_ outcome: ModelCall.Outcome, _ question: Question) -> ModelAnswer {
        let model = question.model
        switch outcome {
        case .cancelled:
            breaker(model) { $0.gaveUp() }
            return .later(Self.quiet)
        case .late:
            return failed(model, "the model took too long", after: nil)
        case .failed(let error):
            return failed(model, "\(error)", after: nil)
        case .reply(let status, let retryAfter, let body):
            switch status {
            case 200..<300: return answer(body, question)
            case 401, 403:
                breaker(model) { $0.gaveUp() }
                return stop(question, status)
            case 408, 425, 429, 500...: return failed(model, "HTTP \(status)", after: retryAfter)
            default:
                breaker(model) { $0.gaveUp() }
                means.logger.warning(
                    "a model server refuses a call of our own",
                    metadata: [
                        "upstream": "\(question.request.upstream.name)", "status": "\(status)",
                    ])
                return .refused("HTTP \(status)")
            }
        }
    }

    private func answer(_ body: ByteBuffer, _ question: Question) -> ModelAnswer {
        let model = question.model
        let reply = AssembledReply.assemble(plain: body)
        guard reply.error == nil, let choice = reply.choices.first else {
            return failed(model, "the reply is no completion", after: nil)
        }
        breaker(model) { $0.succeeded() }
        let used = reply.usage.map { $0.prompt + $0.completion }
        let estimated = (question.bodyBytes + body.readableBytes) / 4
        ledger.note(used ?? estimated, for: question.purpose, at: means.now())
        let text = String(decoding: MessageText.bytes(of: choice.message()), as: UTF8.self)
        return .text(text, model: reply.model ?? model.name)
    }

    private func failed(_ model: Model, _ error: String, after: Duration?) -> ModelAnswer {
        breaker(model) { $0.failed(at: means.now()) }
        return .failed(error, after: after)
    }

    private func stop(_ question: Question, _ status: Int) -> ModelAnswer {
        let upstream = question.request.upstream
        let reason =
            "the upstream \"\(upstream.name)\" refuses calls of our own (HTTP \(status)): summaries are "
            + "extractive until it has a key and the settings are read again"
        let isOfNow = state.withLock { state in
            guard state.generation == question.model.generation else { return false }
            state.stopped[upstream.name] = reason
            return true
        }
        // The key that was refused is not the one that holds now.
        guard isOfNow else { return .later(.seconds(1)) }
        means.logger.error("\(reason)")
        return .refused(reason)
    }
}
