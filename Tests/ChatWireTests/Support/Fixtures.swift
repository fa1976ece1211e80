import Foundation
import NIOCore

/// The folder `Tests/Fixtures`.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures").standardizedFileURL

    /// What a folder's `index.json` says, each entry with its file's bytes.
    static func load<Entry: Decodable & FixtureEntry>(_ name: String, as type: Entry.Type) -> [(
        Entry, ByteBuffer
    )] {
        do {
            let folder = folder.appending(path: name)
            let index = try Data(contentsOf: folder.appending(path: "index.json"))
            return try JSONDecoder().decode([Entry].self, from: index).map { entry in
                (entry, ByteBuffer(bytes: try Data(contentsOf: folder.appending(path: entry.file))))
            }
        } catch {
            preconditionFailure("fixtures are missing or broken: \(error)")
        }
    }
}

/// An entry of an `index.json`.
protocol FixtureEntry {
    var file: String { get }
}
