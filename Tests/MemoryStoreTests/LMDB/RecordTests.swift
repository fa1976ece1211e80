import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import RepeatableRandom
import Testing

@testable import LMDBMemoryStore

@Suite("Records")
struct RecordTests {
    /// A record as bytes, and a reader of it that says whether it understood.
    struct Sample: Sendable, CustomStringConvertible {
        let description: String
        let bytes: [UInt8]
        let decode: @Sendable ([UInt8]) throws(StoreError) -> String
    }

    static let stored = StoredMessage(
        node: 300, parent: 299, round: 7, index: 3, exchange: SampleTurns.exchange(5),
        createdAt: SampleTurns.moment(5),
        message: SampleTurns.reply("yes", choice: 1))

    static var samples: [Sample] {
        get throws {
            let plain = StoredMessage(
                node: 1, parent: 0, round: nil, index: 0, exchange: SampleTurns.exchange(1),
                createdAt: SampleTurns.moment(1), message: SampleTurns.message("no"))
            let question = SampleTurns.question(
                1, place: .openTurn(node: 9, round: 3),
                messages: [SampleTurns.message("a"), SampleTurns.reply("b")])
            var record = SampleTurns.exchangeRecord(3, in: SampleTurns.session())
            record.round = 4
            record.failure = "none"
            let row = ExchangeRow(
                session: 12, record: record,
                replies: ReplyPlace(
                    recordedAt: SampleTurns.moment(2), parent: 4, index: 1, nodes: [5, 6, 700]))
            return [
                Sample(description: "reply", bytes: try MessageRecord.encode(stored), decode: decodeMessage),
                Sample(
                    description: "question", bytes: try MessageRecord.encode(plain), decode: decodeMessage),
                Sample(
                    description: "walked reply", bytes: try MessageRecord.encode(stored), decode: walkMessage),
                Sample(
                    description: "walked question", bytes: try MessageRecord.encode(plain),
                    decode: walkMessage),
                Sample(description: "session", bytes: sessionRow.encoded) { bytes throws(StoreError) in
                    "\(try SessionRow(bytes.span))"
                },
                Sample(description: "journal", bytes: JournalEntry.encode(question)) {
                    bytes throws(StoreError) in
                    "\(try JournalEntry.decode(bytes.span))"
                },
                Sample(description: "job", bytes: job.encoded) { bytes throws(StoreError) in
                    "\(try JobRow(3, bytes.span) { _ in SampleTurns.session() }.job)"
                },
                Sample(description: "exchange", bytes: try row.encoded()) { bytes throws(StoreError) in
                    "\(try ExchangeRow(SampleTurns.exchange(3), bytes.span) { _ in SampleTurns.session() })"
                },
            ]
        }
    }

    static var sessionRow: SessionRow {
        let terms = SessionTerms(policy: "bot", resolution: "new", upstream: "main", model: "m")
        var row = SessionRow(at: SampleTurns.moment(1), terms)
        row.bringsHistory = true
        row.messages = 399
        row.usage = SessionUsage(prompt: 900, completion: 80, cached: 7, isEstimated: true)
        row.life.status = .summarised
        row.life.endedAt = SampleTurns.moment(9)
        row.life.deadline = SampleTurns.moment(10)
        row.life.toldRound = 76
        row.life.title = "Paris"
        row.lastNode = 400
        row.head = 399
        row.lastRound = 77
        return row
    }

    static var job: JobRow {
        let new = NewJob(
            .endSession, session: SampleTurns.session(), round: 300, endedAt: SampleTurns.moment(2),
            at: SampleTurns.moment(3))
        var job = Job(id: 3, new)
        job.take(JobStep(3, .wait(SampleTurns.moment(4), error: "503"), at: SampleTurns.moment(3)))
        return JobRow(session: 5, job: job)
    }

    static func decodeMessage(_ bytes: [UInt8]) throws(StoreError) -> String {
        let message = try MessageRecord.decode(node: 300, bytes.span) { _, _ throws(StoreError) in
            throw StoreError(.damaged, "no chunks here")
        }
        return "\(message)"
    }

    static func walkMessage(_ bytes: [UInt8]) throws(StoreError) -> String {
        let walked = try MessageRecord.walk(node: 300, bytes.span) { _, _ throws(StoreError) in
            throw StoreError(.damaged, "no chunks here")
        }
        return "\(walked.message)"
    }

    @Test("a message and a session are read as they were written")
    func roundTrip() throws {
        let bytes = try MessageRecord.encode(Self.stored)
        let read = try MessageRecord.decode(node: 300, bytes.span) { _, _ throws(StoreError) in ByteBuffer() }
        #expect(read == Self.stored)
        let walked = try MessageRecord.walk(node: 300, bytes.span) { _, _ throws(StoreError) in ByteBuffer() }
        #expect(walked.message == StoredTurn.Message(Self.stored))
        #expect(walked.parent == Self.stored.parent && walked.round == Self.stored.round)
        var row = Self.sessionRow
        row.file()
        let rowBytes = row.encoded
        #expect(try SessionRow(rowBytes.span) == row)
    }

    @Test("what is read of a round tells who of a room spoke")
    func speaker() throws {
        var message = SampleTurns.message("Hi")
        message.speaker = "User 2"
        let stored = StoredMessage(
            node: 2, parent: 1, round: 1, index: 0, exchange: SampleTurns.exchange(1),
            createdAt: SampleTurns.moment(1), message: message)
        let bytes = try MessageRecord.encode(stored)
        let walked = try MessageRecord.walk(node: 2, bytes.span) { _, _ throws(StoreError) in ByteBuffer() }
        #expect(walked.message.speaker == "User 2")
        #expect(walked.message == StoredTurn.Message(stored))
    }

    @Test("a record that is cut anywhere is refused as damaged", arguments: try Self.samples)
    func cut(_ sample: Sample) throws {
        _ = try sample.decode(sample.bytes)
        for count in sample.bytes.indices {
            let error = #expect(throws: StoreError.self) { try sample.decode(Array(sample.bytes[..<count])) }
            #expect(error?.code == .damaged)
        }
    }

    @Test("a record with more bytes than it should have is refused", arguments: try Self.samples)
    func lengthened(_ sample: Sample) throws {
        #expect(throws: StoreError.self) { try sample.decode(sample.bytes + [0]) }
    }

    @Test(
        "any other value of any byte gives another record or is refused, and never traps",
        arguments: try Self.samples)
    func changed(_ sample: Sample) throws {
        let original = try sample.decode(sample.bytes)
        var refused = 0
        for place in sample.bytes.indices {
            for difference in 1...255 as ClosedRange<UInt8> {
                var bytes = sample.bytes
                bytes[place] ^= difference
                do throws(StoreError) {
                    let other = try sample.decode(bytes)
                    if place == 0 { Issue.record("the version \(bytes[0]) was taken: \(other == original)") }
                } catch {
                    refused += 1
                    #expect(error.code == .damaged)
                }
            }
        }
        #expect(refused >= 255)
    }

    @Test("random bytes never trap", arguments: try Self.samples)
    func random(_ sample: Sample) {
        var random = SeededRandom(seed: 11)
        for _ in 0..<5_000 {
            var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if !bytes.isEmpty { bytes[0] = 1 }
            do throws(StoreError) {
                _ = try sample.decode(bytes)
            } catch {
                #expect(error.code == .damaged)
            }
        }
    }

    @Test("numbers of every size are read as they were written")
    func numbers() throws {
        var writer = RecordWriter(version: 1)
        let unsigned = (0..<64).flatMap { [UInt64(1) << $0, (UInt64(1) << $0) - 1] } + [UInt64.max]
        let signed = unsigned.map { Int64(bitPattern: $0) }
        for number in unsigned { writer.unsigned(number) }
        for number in signed { writer.signed(number) }
        let bytes = writer.bytes
        var reader = try RecordReader(bytes.span, version: 1, "test")
        for number in unsigned { #expect(try reader.unsigned() == number) }
        for number in signed { #expect(try reader.signed() == number) }
        try reader.end()
    }
}
