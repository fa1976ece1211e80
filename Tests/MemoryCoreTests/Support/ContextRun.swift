import ChatWire
import MemoryCore
import NIOCore
import RepeatableRandom

/// A request with what memory adds to it, as the pipeline puts the values of this target together.
struct ContextRun {
    let chat: RandomChat
    let memory: RandomMemory
    let request: ChatRequest
    let plan: ContextPlan
    /// The note that went up.
    let note: String?
    /// The body that goes up.
    let upstream: ByteBuffer
    /// Its messages as they stand there.
    let sent: [String]
    private let shown: Set<CanonicalForm>
    private let replays: Bool

    struct NoChat: Error {}

    init(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let again = random.message("user", RandomMemory.mark(2, 0))
        chat = RandomChat(&random, recorded: again)
        var memory = RandomMemory(&random, declaresTools: chat.declaresTools)
        memory.saidAgain(again)
        self.memory = memory
        guard case .chat(let request) = try ChatRequest.locate(in: ByteBuffer(string: chat.body)) else {
            throw NoChat()
        }
        self.request = request
        let outline = RequestOutline(
            request.messages.map { located in
                RequestOutline.Message(
                    role: located.role, body: request.bytes(of: located), callsTools: false)
            }, history: chat.history)
        let resolution = TurnResolution.interim(
            outline, newest: memory.turns.last,
            oldest: memory.turns.count == 1 ? memory.turns.last : nil, isResent: outline.isResent,
            fence: RandomMemory.fence)
        shown = outline.earlierQuestions(before: resolution.new.lowerBound, RandomMemory.fence)
        replays = resolution.replays
        var terms = memory.terms
        terms.standingFrame = ContextLayout.standingFrame(request, memory.placement)
        var plan = ContextPlan(terms, frozen: memory.frozen) { memory.standing }
        for turn in memory.turns.reversed() where resolution.replays {
            if turn.isShown(among: shown, RandomMemory.fence) { continue }
            if !plan.offer(turn) { break }
        }
        plan.settle(isCold: memory.isCold) { memory.standing }
        self.plan = plan
        note = terms.budget.isEnough ? memory.note : nil
        let layout = ContextLayout(
            request, standing: plan.block, window: plan.messages, note: note.map(RandomMemory.fence.around),
            placement: memory.placement)
        upstream = request.spliced(inserting: layout.insertions, texts: layout.texts)
        guard case .chat(let again) = try ChatRequest.locate(in: upstream) else { throw NoChat() }
        sent = again.messages.map { String(buffer: again.bytes(of: $0)) }
    }

    /// Whether a round may be replayed at all.
    func mayGoUp(_ turn: StoredTurn) -> Bool {
        replays && !turn.isShown(among: shown, RandomMemory.fence)
            && turn.messages.allSatisfy { $0.status == .complete }
    }

    /// Which of the messages that went up are the client's, by the marks in them, and which are not.
    func placesOfClientMessages() throws -> (client: [Int], others: [Int]) {
        var client: [Int] = []
        var others: [Int] = []
        for place in sent.indices {
            let next = client.count
            let isClients = next < chat.messages.count && isSame(sent[place], chat.messages[next])
            if isClients { client.append(place) } else { others.append(place) }
        }
        return (client, others)
    }

    /// Whether a message is that one, perhaps with texts put beside it: what stands in it, in that order.
    private func isSame(_ sent: String, _ own: String) -> Bool {
        guard sent != own else { return true }
        let (sentBytes, ownBytes) = (Array(sent.utf8), Array(own.utf8))
        let start = zip(sentBytes, ownBytes).prefix { $0 == $1 }.count
        let end = zip(sentBytes.reversed(), ownBytes.reversed()).prefix { $0 == $1 }.count
        if sentBytes.count > ownBytes.count, start + end >= ownBytes.count {
            return stripped(sent) == text(own)
        }
        // Two texts, one on each side.
        return sent.contains("conversation-memory") && stripped(sent) == text(own) && !text(own).isEmpty
    }

    /// What a message says without our blocks.
    func stripped(_ message: String) -> String {
        let body = ByteBuffer(string: message)
        return text(
            String(
                buffer: LocatedMessage.replacingTexts(of: body) {
                    RandomMemory.fence.removingBlocks(from: $0)
                }
                    ?? body))
    }

    /// What a message says.
    func text(_ message: String) -> String {
        String(decoding: MessageText.bytes(of: ByteBuffer(string: message)), as: UTF8.self)
    }
}
