import ChatWire
import NIOCore
import Testing

@Suite("Bytes captured from real programs")
struct CapturedBytesTests {
    @Test("Replies fed in the chunks in which the server sent them are put together as the index says")
    func replies() {
        let fixtures = Fixtures.load("raw", as: ReplyEntry.self)
        #expect(fixtures.count >= 70)
        for (entry, bytes) in fixtures {
            let messages = RawMessage.all(in: bytes)
            #expect(messages.count == entry.expect.replies.count, "\(entry.file)")
            for (message, expectation) in zip(messages, entry.expect.replies) {
                var tap = ReplyTap()
                for piece in message.pieces { tap.feed(piece) }
                let marks = tap.end()
                #expect(marks.whole == message.body.readableBytes, "\(entry.file)")
                expectation.check(tap.reply)
            }
        }
    }

    @Test("Requests of real clients are located and go on unchanged")
    func requests() throws {
        var located = 0
        for (entry, bytes) in Fixtures.load("requests", as: RequestEntry.self) {
            guard let expected = entry.expect.body, entry.expect.content_encoding == nil else { continue }
            let body = try #require(RawMessage.all(in: bytes).first).body
            guard case .chat(let request) = try ChatRequest.locate(in: body) else {
                Issue.record("\(entry.file) is no chat request")
                continue
            }
            located += 1
            #expect(request.members.model == expected.model, "\(entry.file)")
            #expect(request.members.stream == expected.stream, "\(entry.file)")
            #expect(request.messages.map { "\($0.role)" } == expected.roles, "\(entry.file)")
            #expect(request.spliced() == body, "\(entry.file)")
            let text = MessageText.bytes(of: request.bytes(of: try #require(request.messages.last)))
            #expect(String(decoding: text, as: UTF8.self) == expected.last_text.text, "\(entry.file)")
        }
        #expect(located >= 15)
    }

    private struct ReplyEntry: Decodable, FixtureEntry {
        let file: String
        let expect: Connection

        struct Connection: Decodable {
            let replies: [ReplyFixture.Expectation]
        }
    }

    private struct RequestEntry: Decodable, FixtureEntry {
        let file: String
        let expect: Request

        struct Request: Decodable {
            let content_encoding: String?
            let body: Body?
        }

        struct Body: Decodable {
            let model: String
            let stream: Bool
            let roles: [String]
            let last_text: Text
        }

        /// A string, or the text of a list of parts.
        struct Text: Decodable {
            let text: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self.text = text
                } else {
                    text = try container.decode([Part].self).compactMap(\.text).joined()
                }
            }

            private struct Part: Decodable {
                let text: String?
            }
        }
    }
}
