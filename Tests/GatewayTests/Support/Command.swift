import Foundation
import NIOCore

/// A program of the system, run to its end. One that is missing or fails fails the test.
enum Command {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: what it wrote.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> ByteBuffer {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let pipe = Pipe()
        let output = Pipe()
        process.standardInput = pipe
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        keepFilesFromChildren()
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: input)
        try pipe.fileHandleForWriting.close()
        let written = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(
                description:
                    "\(path) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return ByteBuffer(bytes: written)
    }

    /// A child that holds another one's pipe keeps that one's reader waiting; to be called before each start.
    static func keepFilesFromChildren() {
        for descriptor in Int32(3)..<4096 {
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
        }
    }
}

/// Bodies as gzip packs them.
enum Gzipped {
    static func bytes(_ text: String) throws -> ByteBuffer {
        try Command.run("/bin/gzip", ["-c"], input: Data(text.utf8))
    }

    /// A small body that becomes so many spaces.
    static func bomb(_ count: Int) throws -> ByteBuffer {
        try Command.run("/bin/sh", ["-c", "head -c \(count) /dev/zero | gzip -9c"])
    }
}
