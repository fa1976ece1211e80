internal import FoundationEssentials
internal import Glibc
internal import SystemCalls

/// A program that a test starts: its output line by line, its end.
final class ChildProcess: Sendable {
    /// How a program ended.
    enum Ending: Equatable, Sendable {
        /// With this status.
        case exited(Int32)
        /// By this signal.
        case killed(Int32)
    }

    /// What is to be started.
    struct Command: Sendable {
        /// The program and its arguments; searched for in PATH.
        var arguments: [String]
        /// Added to this process's own environment.
        var environment: [String: String] = [:]
        /// Where its standard error is appended.
        var errorFile: String
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The process's number.
    let id: Int32
    /// What it has printed, as it was when `needle` first stood in it; empty if it ended without.
    let greeting = Event<String>()
    /// Everything that it has printed, and how it ended.
    let ended = Event<(output: String, ending: Ending)>()

    /// Starts a program.
    ///
    /// - Parameter needle: what `greeting` waits for.
    init(_ command: Command, greetedBy needle: String = "\n") throws {
        var ends: [Int32] = [0, 0]
        // Closed to other children from the first, as `pipe` cannot say.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure(description: "no pipe") }
        id = try Self.spawn(command, output: ends[1])
        Glibc.close(ends[1])
        let (id, input, greeting, ended) = (id, ends[0], greeting, ended)
        _ = try SystemThread(named: "child-output") {
            let output = Self.read(input) { if $0.contains(needle) { greeting.fire($0) } }
            Glibc.close(input)
            let ending = Self.wait(id)
            greeting.fire("")
            ended.fire((output, ending))
        }
    }

    /// Sends a signal. One that comes too late does nothing.
    func signal(_ number: Int32) {
        guard ended.value == nil else { return }
        kill(id, number)
    }

    /// Waits for its end.
    @discardableResult
    func end() async -> (output: String, ending: Ending) { await ended.wait() }

    private static func spawn(_ command: Command, output: Int32) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 2, command.errorFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        keepFilesFromChildren()
        // Threads of the pool block signals, and a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var id: pid_t = 0
        let result = unsafe withStrings(command.arguments) { arguments in
            unsafe withStrings(environment(command)) { environment in
                unsafe posix_spawnp(&id, command.arguments[0], &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else {
            throw Failure(description: "cannot start \(command.arguments[0]): error \(result)")
        }
        return id
    }

    /// A listening socket of this process that lives on in a child would answer when its server is gone.
    private static func keepFilesFromChildren() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let file = Int32(name), file > 2 else { continue }
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
    }

    private static func environment(_ command: Command) -> [String] {
        var all = command.environment
        var place = unsafe environ
        while let entry = unsafe place.pointee {
            let text = unsafe String(cString: entry)
            let name = String(text.prefix { $0 != "=" })
            let isSetting =
                name.hasPrefix("MEMGATE_") && name != "MEMGATE_TOOLS_DIR" || name.hasPrefix("OPENAI_")
            if all[name] == nil, !isSetting { all[name] = String(text.dropFirst(name.count + 1)) }
            unsafe place += 1
        }
        return all.map { "\($0)=\($1)" }
    }

    @unsafe private static func withStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies + [nil])
    }

    private static func read(_ file: Int32, _ hear: (String) -> Void) -> String {
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(file, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: output, as: UTF8.self) }
            output += part[..<count]
            hear(String(decoding: output, as: UTF8.self))
        }
    }

    private static func wait(_ id: Int32) -> Ending {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
    }
}
