internal import ChatWire
internal import MemoryCore
internal import NIOCore
internal import UpstreamClient

/// Asks a local model server with which window it has loaded a model: in every way there is, at once. Nobody
/// waits for the answer; the next request of the model knows it. On its loop only.
final class WindowSearch {
    private static let bodyBytes = 1 << 20
    private let model: ModelFacts.Model
    private let facts: ModelFacts
    private var answers: [LoadedWindow: Int] = [:]
    private var waiting = LoadedWindow.allCases.count

    private init(_ model: ModelFacts.Model, _ facts: ModelFacts) {
        self.model = model
        self.facts = facts
    }

    /// Begins, unless the model was asked for lately. Only the upstream's own credential goes along.
    static func begin(
        for model: ModelFacts.Model, at entry: UpstreamTable.Entry, _ facts: ModelFacts, now: Timestamp,
        _ transport: any UpstreamTransport
    ) {
        guard entry.isSearched, facts.beginSearch(for: model, at: now) else { return }
        let search = WindowSearch(model, facts)
        var headers = HeaderFields()
        entry.completeOwn(&headers)
        let upstream = entry.upstream.hurried
        for source in LoadedWindow.allCases {
            let path = source.path
            let target: UpstreamPath = path.isVersioned ? .versioned(path.text) : .plain(path.text)
            let request = UpstreamRequest(
                method: "GET", upstream: upstream, target: target.target(below: upstream.basePath),
                headers: headers,
                body: .none)
            _ = transport.start(request, sink: Answer(source, search))
        }
    }

    private func settle(_ source: LoadedWindow, _ body: [UInt8]?) {
        waiting -= 1
        if let tokens = body.flatMap({ source.tokens(in: $0, model: model.name) }) {
            answers[source] = tokens
        }
        guard waiting == 0 else { return }
        facts.loaded(LoadedWindow.allCases.lazy.compactMap { self.answers[$0] }.first, model)
    }

    /// One answer on its way.
    private final class Answer: UpstreamSink {
        private let source: LoadedWindow
        private let search: WindowSearch
        private var body: [UInt8]? = []

        init(_ source: LoadedWindow, _ search: WindowSearch) {
            self.source = source
            self.search = search
        }

        func upstreamDidAnswer(_ head: UpstreamReplyHead) {
            if head.status != 200 { body = nil }
        }

        func acceptsBody() -> Bool { true }

        func upstreamDidSend(_ bytes: ByteBuffer) {
            guard let count = body?.count else { return }
            if count + bytes.readableBytes > WindowSearch.bodyBytes {
                body = nil
            } else {
                body?.append(contentsOf: bytes.readableBytesView)
            }
        }

        func upstreamDidDrain() {}
        func upstreamWantsBody() {}
        func upstreamDidFinish() { search.settle(source, body) }
        func upstreamDidFail(_ error: UpstreamError) { search.settle(source, nil) }
    }
}

extension Upstream {
    /// The same server, where nobody waits for its answer.
    fileprivate var hurried: Upstream {
        var limits = UpstreamLimits()
        limits.connect = .seconds(1)
        limits.firstByte = .seconds(2)
        limits.idle = .seconds(2)
        limits.total = .seconds(5)
        limits.retries = 0
        return Upstream(
            name: name, origin: origin, basePath: basePath, proxy: proxy,
            certificateAuthorities: certificateAuthorities, limits: limits)
    }
}
