import ChatWire
import JSONBytes
import MemoryCore
import NIOCore
import RepeatableRandom
import Testing

@Suite("What is added to random requests of random sessions")
struct ContextPropertyTests {
    @Test("Other members stay byte for byte, memory goes", arguments: 0..<Self.count)
    func members(_ seed: UInt64) throws {
        let run = try ContextRun(seed: seed)
        try JSONCursor.validate(run.upstream.readableBytesUInt8Span)
        let isOurs: (String) -> Bool = { $0 == "messages" || $0 == "memory" }
        let before = try Self.members(run.chat.body).filter { !isOurs($0.name) }
        let after = try Self.members(String(buffer: run.upstream)).filter { $0.name != "messages" }
        #expect(after.map(\.name) == before.map(\.name))
        #expect(after.map(\.bytes) == before.map(\.bytes))
    }

    @Test(
        "The client's messages stay in order, a text beside three of them at most", arguments: 0..<Self.count)
    func clientMessages(_ seed: UInt64) throws {
        let run = try ContextRun(seed: seed)
        let (places, _) = try run.placesOfClientMessages()
        #expect(places.count == run.chat.messages.count)
        let request = run.request
        let users = request.messages.indices.filter { request.messages[$0].role == .user }
        let mayChange = [ContextLayout.leading(request) - 1, users.first, users.last].compactMap(\.self)
        for (number, place) in places.enumerated() {
            let (before, after) = (run.chat.messages[number], run.sent[place])
            if before != after { #expect(mayChange.contains(number), "\(before) → \(after)") }
        }
    }

    @Test(
        "Without our blocks the client's own messages are left, and ours say nothing",
        arguments: 0..<Self.count)
    func stripped(_ seed: UInt64) throws {
        let run = try ContextRun(seed: seed)
        let (places, others) = try run.placesOfClientMessages()
        for (number, place) in places.enumerated() {
            #expect(run.stripped(run.sent[place]) == run.text(run.chat.messages[number]))
        }
        // What is neither the client's nor ours was recorded.
        let ours = others.filter { place in
            !run.memory.marks.contains { run.sent[place].contains($0) }
        }
        #expect(ours.count <= 1)
        for place in ours { #expect(run.stripped(run.sent[place]) == "") }
    }

    @Test("Nothing goes up twice, whole rounds only, without a gap", arguments: 0..<Self.count)
    func rounds(_ seed: UInt64) throws {
        let run = try ContextRun(seed: seed)
        let body = String(buffer: run.upstream)
        for mark in run.memory.marks { #expect(body.ranges(of: mark).count <= 1, "\(mark)") }
        let window = run.plan.record(isPlaced: true).window
        let replayed = run.memory.turns.filter { window.contains($0.round) }
        for turn in replayed {
            for message in turn.messages {
                for mark in run.memory.marks where String(buffer: message.body).contains(mark) {
                    #expect(body.contains(mark), "\(mark)")
                }
            }
        }
        let offered = run.memory.turns.filter(run.mayGoUp).map(\.round)
        #expect(replayed.map(\.round) == offered.suffix(replayed.count))
    }

    @Test("What is added fits, as much as is said, and under 300 tokens nothing", arguments: 0..<Self.count)
    func budget(_ seed: UInt64) throws {
        let run = try ContextRun(seed: seed)
        let note = run.note.map { TokenEstimate.tokens(ofText: RandomMemory.fence.around($0)) + 1 } ?? 0
        let added = run.sent.map(Self.tokens).reduce(0, +) - run.chat.messages.map(Self.tokens).reduce(0, +)
        let budget = run.memory.terms.budget
        // A note is its plugin's to bound; the empty lines beside a block are a token at most.
        #expect(added <= budget.tokens + 1 + note)
        let said = run.plan.tokens(isPlaced: run.plan.block != nil)
        // In a request without a user message the block may stand in the window's first one all the same.
        let least = said - 2 - (run.memory.placement == .user ? TokenEstimate.perMessage : 0)
        #expect((least...(said + 1 + note)).contains(added), "said \(said), added \(added)")
        if !budget.isEnough { #expect(run.upstream == run.request.spliced()) }
    }

    static let count: UInt64 = 400

    private static func tokens(_ message: String) -> Int {
        TokenEstimate.tokens(of: ByteBuffer(string: message))
    }

    /// The members of an object, each with its value's bytes.
    private static func members(_ text: String) throws -> [(name: String, bytes: [UInt8])] {
        let bytes = Array(text.utf8)
        // A tree takes no half surrogate pairs: it is made of letters in their places.
        let whole = text.replacing(/\\ud[89a-f][0-9a-f]{2}/, with: "\\u0041")
        return (try JSONTreeParser.parse(Array(whole.utf8)).members ?? []).map {
            ($0.name, Array(bytes[$0.value.range]))
        }
    }
}
