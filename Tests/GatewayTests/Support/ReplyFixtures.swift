import Foundation
import NIOCore
import Testing

/// The replies under `Tests/Fixtures/replies`.
enum ReplyFixtures {
    /// One reply's body, and the head it came with.
    struct Fixture: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        var contentType: String
        var body: ByteBuffer

        var isStream: Bool { name.hasSuffix(".sse") }
        var testDescription: String { name }
    }

    private struct Entry: Decodable {
        var file: String
        var status: Int?
        var content_type: String?
    }

    static func all() throws -> [Fixture] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/replies")
        let index = try Data(contentsOf: folder.appending(path: "index.json"))
        return try JSONDecoder().decode([Entry].self, from: index).map { entry in
            let data = try Data(contentsOf: folder.appending(path: entry.file))
            return Fixture(
                name: entry.file, status: entry.status ?? 200,
                contentType: entry.content_type
                    ?? (entry.file.hasSuffix(".sse") ? "text/event-stream" : "application/json"),
                body: ByteBuffer(bytes: data))
        }
    }
}
