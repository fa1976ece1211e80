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

    /// A model at a server.
    private struct Model: Hashable {
        var origin: String
        var name: String
    }

    private struct State {
        var settings: ModelSettings
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
        let settings = state.withLock { $0.settings }
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
        let key = Model(origin: entry.upstream.origin, name: model)
        if case .wait(let until) = breaker(key, { $0.ask(at: means.now()) }) {
            return .later(.microseconds(until.microseconds - means.now().microseconds))
        }
        let request = request(purpose, model, use, entry, prompt)
        return await send(request, key, use, purpose, isYielding: isYielding, cancellation)
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

    private func request(
        _ purpose: ModelPurpose, _ model: String, _ use: Configuration.Models.Use,
        _ entry: UpstreamTable.Entry, _ prompt: (Int) -> SummaryPrompt
    ) -> UpstreamRequest {
        let window = entry.window(of: model)
        // A part of the window is left to what the estimate misses.
        let reply = use.maxTokens ?? 512
        var question = prompt(max(256, (window - reply) * 3 / 4))
        if let most = use.maxTokens { question.maxTokens = most }
        var headers = HeaderFields()
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "application/json")
        headers.append("X-Memory-Purpose", purpose.rawValue)
        headers.append(HopFields.memoryHop, means.hopName)
        entry.completeOwn(&headers)
        return UpstreamRequest(
            method: "POST", upstream: entry.upstream,
            target: UpstreamPath.versioned("/chat/completions").target(below: entry.upstream.basePath),
            headers: headers, body: .bytes(ByteBuffer(bytes: question.body(model: model))))
    }

    private func send(
        _ request: UpstreamRequest, _ model: Model, _ use: Configuration.Models.Use,
        _ purpose: ModelPurpose, isYielding: Bool, _ cancellation: Cancellation
    ) async -> ModelAnswer {
        let call = Cancellation()
        let outer = cancellation.onCancel { call.cancel() }
        defer { cancellation.forget(outer) }
        var chat: Int?
        if isYielding {
            chat = activity.whenUsed(request.upstream) { call.cancel() }
            guard chat != nil else {
                breaker(model) { $0.gaveUp() }
                return .later(Self.quiet)
            }
        }
        let outcome = await ModelCall.send(
            request, over: means.transport, means.clock, within: use.timeout, call)
        if let chat { activity.forget(chat, at: request.upstream) }
        return judge(outcome, request.upstream, model, purpose)
    }

    // MARK: Answers

    private func judge(
        _ outcome: ModelCall.Outcome, _ upstream: Upstream, _ model: Model, _ purpose: ModelPurpose
    ) -> ModelAnswer {
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
            case 200..<300: return answer(body, model, purpose)
            case 401, 403:
                breaker(model) { $0.gaveUp() }
                return stop(upstream, status)
            case 408, 425, 429, 500...: return failed(model, "HTTP \(status)", after: retryAfter)
            default:
                breaker(model) { $0.gaveUp() }
                means.logger.warning(
                    "a model server refuses a call of our own",
                    metadata: ["upstream": "\(upstream.name)", "status": "\(status)"])
                return .refused("HTTP \(status)")
            }
        }
    }

    private func answer(_ body: ByteBuffer, _ model: Model, _ purpose: ModelPurpose) -> ModelAnswer {
        let reply = AssembledReply.assemble(plain: body)
        guard reply.error == nil, let choice = reply.choices.first else {
            return failed(model, "the reply is no completion", after: nil)
        }
        breaker(model) { $0.succeeded() }
        let used = reply.usage.map { $0.prompt + $0.completion }
        ledger.note(used ?? body.readableBytes / 4, for: purpose, at: means.now())
        let text = String(decoding: MessageText.bytes(of: choice.message()), as: UTF8.self)
        return .text(text, model: reply.model ?? model.name)
    }

    private func failed(_ model: Model, _ error: String, after: Duration?) -> ModelAnswer {
        breaker(model) { $0.failed(at: means.now()) }
        return .failed(error, after: after)
    }

    private func stop(_ upstream: Upstream, _ status: Int) -> ModelAnswer {
        let reason =
            "the upstream \"\(upstream.name)\" refuses calls of our own (HTTP \(status)): summaries are "
            + "extractive until it has a key and the settings are read again"
        state.withLock { $0.stopped[upstream.name] = reason }
        means.logger.error("\(reason)")
        return .refused(reason)
    }
}
