internal import Foundation
internal import Glibc

/// A folder for one test, gone with its last user.
final class Workspace: Sendable {
    /// Where it is.
    let path: String

    init() throws {
        path = "/tmp/memgate-durability-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A path in it.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
        return self(name)
    }

    /// A file's text, empty where there is none.
    func text(of name: String) -> String {
        (try? Data(contentsOf: URL(fileURLWithPath: self(name)))).map { String(decoding: $0, as: UTF8.self) }
            ?? ""
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Where things are on this machine.
enum Places {
    /// The folder of this build's programs: the one that the running test program stands in.
    static let products: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().path
    }()

    /// The package's own folder.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// A program that this package builds.
    static func program(_ name: String) -> String { "\(products)/\(name)" }

    /// A script or source of the tests' tools.
    static func tool(_ name: String) -> String { "\(package)/Tests/Tools/\(name)" }
}
