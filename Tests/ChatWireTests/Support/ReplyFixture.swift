import NIOCore
import Testing

/// A reply's bytes and what `index.json` says comes of them.
struct ReplyFixture: Sendable, CustomTestStringConvertible {
    let file: String
    let body: ByteBuffer
    let expectation: Expectation

    var testDescription: String { file }

    struct Expectation: Decodable, Sendable {
        let choices: [Choice]
        let model: String?
        let usage: Usage?
        let complete: Bool
        let error: String?
        let error_code: Code?
    }

    struct Choice: Decodable, Sendable, Equatable {
        var index = 0
        var text = ""
        var reasoning = ""
        var refusal = ""
        var tool_calls: [Call] = []
        var finish_reason: String?
        var function_call: Call?
        var audio_transcript: String?
    }

    struct Call: Decodable, Sendable, Equatable {
        var id: String?
        var name: String
        var arguments: String
    }

    struct Usage: Decodable, Sendable {
        let prompt_tokens: Int?
        let completion_tokens: Int?
        let prompt_tokens_details: Details?
        let prompt_cache_hit_tokens: Int?

        struct Details: Decodable, Sendable {
            let cached_tokens: Int?
        }
    }

    /// A string or a number.
    struct Code: Decodable, Sendable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    /// Every fixture of `Tests/Fixtures/replies`.
    static let all: [ReplyFixture] = load()

    private struct Entry: Decodable, FixtureEntry {
        let file: String
        let expect: Expectation
    }

    private static func load() -> [ReplyFixture] {
        Fixtures.load("replies", as: Entry.self).map { entry, bytes in
            ReplyFixture(file: entry.file, body: bytes, expectation: entry.expect)
        }
    }
}
