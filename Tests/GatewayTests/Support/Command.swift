import Foundation
import NIOCore

/// A program of the system, run to its end. One that is missing or fails fails the test.
enum Command {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// A program that runs.
    struct Running {
        /// The process's number.
        let id: pid_t
        /// What it reads.
        let input: FileHandle
        /// What it writes, errors too.
        let output: FileHandle

        /// Waits for its end.
        ///
        /// - Returns: its status, as `waitpid` tells it.
        @discardableResult
        func ended() -> Int32 {
            var status: Int32 = 0
            while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
            return status
        }
    }

    /// Starts a program. Its pipes are closed to every other one from the first: a child that holds another
    /// one's pipe keeps that one's reader waiting.
    static func start(_ path: String, _ arguments: [String]) throws -> Running {
        let (input, output) = (try pipe(), try pipe())
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, 2)
        // Threads of the pool block signals, and a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var texts = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        var id: pid_t = 0
        let failure = unsafe posix_spawn(&id, path, &actions, &attributes, &texts, environ)
        close(input.reading)
        close(output.writing)
        guard failure == 0 else { throw Failed(description: "cannot start \(path): error \(failure)") }
        return Running(
            id: id, input: FileHandle(fileDescriptor: input.writing, closeOnDealloc: true),
            output: FileHandle(fileDescriptor: output.reading, closeOnDealloc: true))
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failed(description: "no pipe") }
        return (ends[0], ends[1])
    }

    /// - Returns: what it wrote.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> ByteBuffer {
        let running = try start(path, arguments)
        try running.input.write(contentsOf: input)
        try running.input.close()
        let written = try running.output.readToEnd() ?? Data()
        let status = running.ended()
        guard status == 0 else {
            throw Failed(description: "\(path) \(arguments.joined(separator: " ")) ended with \(status)")
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
