import ChatWire
import JSONBytes
import NIOCore
import RepeatableRandom
import Testing

@Suite("Damaged bytes")
struct DamagedBytesTests {
    @Test("A damaged reply gives the same reply and marks however it is cut", arguments: 0..<60)
    func replies(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var limits = ReplyLimits()
        // Small enough to be met by some lines and replies, so that leaving out is cut everywhere as well.
        limits.eventLine = 300
        limits.reply = 1500
        for fixture in ReplyFixture.all where fixture.body.readableBytes < 3000 {
            let body = damaged(fixture.body, &random)
            let whole = TapRun(body, cutAt: [], limits: limits)
            let count = body.readableBytes
            guard count > 1 else { continue }
            let cuts = Set((0..<4).map { _ in Int.random(in: 1..<count, using: &random) }).sorted()
            if TapRun(body, cutAt: cuts, limits: limits) != whole {
                Issue.record("\(fixture.file) cut at \(cuts) differs: \(String(buffer: body))")
            }
        }
    }

    @Test("A damaged request is refused, or spliced to JSON", arguments: 0..<500)
    func requests(_ seed: UInt64) throws {
        var sample = RandomRequest(seed: seed)
        for _ in 0..<20 {
            let body = damaged(ByteBuffer(string: sample.body), &sample.random)
            let located: ChatRequest.Located
            do throws(ChatRequestError) {
                located = try ChatRequest.locate(in: body)
            } catch {
                #expect(!error.message.isEmpty)
                continue
            }
            try JSONCursor.validate(body.readableBytesUInt8Span)
            try JSONCursor.validate(located.envelope.forwardedBody().readableBytesUInt8Span)
            guard case .chat(let request) = located else { continue }
            let insertion = ChatRequest.Insertion(before: request.messages.count, [ByteBuffer(string: "{}")])
            try JSONCursor.validate(request.spliced(inserting: [insertion]).readableBytesUInt8Span)
        }
    }

    private func damaged(_ body: ByteBuffer, _ random: inout SeededRandom) -> ByteBuffer {
        var bytes = Array(body.readableBytesView)
        let alphabet = Array("\n\n\r\r\n:{}[]\",\\ud8e0data: ".utf8) + [0x00, 0x80, 0xE4, 0xEF, 0xFF]
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
            default:
                guard place < bytes.count else { continue }
                bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
        }
        return ByteBuffer(bytes: bytes)
    }
}
