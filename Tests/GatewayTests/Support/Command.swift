import Foundation
import NIOCore

/// A program of the system, run to its end. One that is missing or fails fails the test.
enum Command {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// A program that runs.
    struct Running {
        var process = Process()
        /// What it reads.
        var input = Pipe()
        /// What it writes, errors too.
        var output = Pipe()
    }

    private static let starts = NSLock()

    /// Starts a program. One at a time, with all files closed to it but its own: a child that holds another
    /// one's pipe keeps that one's reader waiting.
    static func start(_ path: String, _ arguments: [String]) throws -> Running {
        try starts.withLock {
            let running = Running()
            running.process.executableURL = URL(filePath: path)
            running.process.arguments = arguments
            running.process.standardInput = running.input
            running.process.standardOutput = running.output
            running.process.standardError = running.output
            for file in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                guard let descriptor = Int32(file), descriptor > 2 else { continue }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            try running.process.run()
            return running
        }
    }

    /// - Returns: what it wrote.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> ByteBuffer {
        let running = try start(path, arguments)
        try running.input.fileHandleForWriting.write(contentsOf: input)
        try running.input.fileHandleForWriting.close()
        let written = try running.output.fileHandleForReading.readToEnd() ?? Data()
        running.process.waitUntilExit()
        guard running.process.terminationStatus == 0 else {
            let command = "\(path) \(arguments.joined(separator: " "))"
            throw Failed(description: "\(command) ended with \(running.process.terminationStatus)")
        }
        return ByteBuffer(bytes: written)
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
