/// An upstream that stops in the middle of the replies to certain questions and answers all others.
struct HeldModel: Sendable {
    /// One of these replies.
    struct Hold: Sendable {
        /// Its first words are on their way to the gateway.
        let reached = Event<Void>()
        /// Lets the rest follow.
        let release = Event<Void>()
    }

    let model: ScriptedModel
    private let holds: [String: Hold]

    /// Starts to listen.
    static func start(holding markers: [String]) async throws -> HeldModel {
        let holds = Dictionary(uniqueKeysWithValues: markers.map { ($0, Hold()) })
        let model = try await ScriptedModel.start { request in
            guard let hold = holds[request.marker] else { return Replies.answer(request) }
            return Replies.held(request, reached: hold.reached, until: hold.release)
        }
        return HeldModel(model: model, holds: holds)
    }

    var url: String { model.url }

    /// Returns once every question that it stops at has come and its reply has begun.
    func reached() async {
        for hold in holds.values { await hold.reached.wait() }
    }

    /// Lets all replies go on.
    func release() {
        for hold in holds.values { hold.release.fire() }
    }
}
