internal import Foundation
internal import Glibc
internal import MemoryCore

/// A real gateway in a process of its own.
final class GatewayProcess: Sendable {
    /// How it is started.
    struct Setup: Sendable {
        var workspace: Workspace
        /// The upstream's base URL.
        var upstream: String
        /// The folder that it keeps everything in; nil for `var` of the workspace.
        var data: String?
        /// Where it listens; the port is chosen by the system unless a test wants a certain one.
        var listen = "127.0.0.1:0"
        /// Where its admin side listens.
        var admin = "127.0.0.1:0"
        /// Members of plugins.json besides the policy.
        var settings: [String] = []
        /// Members of the default policy besides `record`.
        var policy: [String] = []
        /// Members of plugins.json's `gateway`.
        var gateway: [String] = []
        /// What a slow disk may take, before a reply is released without its commit: no limit that a test
        /// could meet.
        var recordDeadline = "1m"
        var program = "memgate"
        var environment: [String: String] = [:]
        /// What stands in front of the program: a shell that sets limits.
        var launcher: [String] = []

        init(_ workspace: Workspace, upstream: String) {
            self.workspace = workspace
            self.upstream = upstream
        }

        var dataFolder: String { data ?? workspace("var") }

        /// The folder of the store.
        var store: String { dataFolder + "/memory" }

        fileprivate func command() throws -> ChildProcess.Command {
            let members = [#""record": {"deadline": "\#(recordDeadline)"}"#] + policy
            let policy = #""policies": {"default": {\#(members.joined(separator: ", "))}}"#
            let gateway = #""gateway": {\#(gateway.joined(separator: ", "))}"#
            let file = try workspace.write(
                "{\(([policy, gateway] + settings).joined(separator: ", "))}", to: "plugins.json")
            return ChildProcess.Command(
                arguments: launcher + [
                    Places.program(program), "serve", "--config", file, "--data", dataFolder, "--listen",
                    listen, "--admin", admin, "--upstream", upstream,
                ], environment: environment, errorFile: workspace("log"))
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The process.
    let child: ChildProcess
    /// What it said when it was ready.
    let banner: String
    /// Where it listens.
    let port: Int

    /// Starts a gateway and waits until it listens.
    init(_ setup: Setup) async throws {
        child = try Self.launch(setup)
        let banner = await child.greeting.wait()
        guard let port = Self.port(in: banner) else {
            child.signal(SIGKILL)
            let (output, ending) = await child.end()
            throw Failure(
                description:
                    "The gateway did not start: \(ending), \(output) \(setup.workspace.text(of: "log"))")
        }
        self.banner = banner
        self.port = port
    }

    /// Starts a gateway that is expected to refuse, and waits for its end.
    ///
    /// - Returns: what it wrote to standard error, and how it ended.
    static func refusal(_ setup: Setup) async throws -> (words: String, ending: ChildProcess.Ending) {
        let before = setup.workspace.text(of: "log")
        let child = try launch(setup)
        // One that does start after all must not keep the test waiting.
        if port(in: await child.greeting.wait()) != nil { child.signal(SIGKILL) }
        let ending = await child.end().ending
        return (String(setup.workspace.text(of: "log").dropFirst(before.count)), ending)
    }

    private static func launch(_ setup: Setup) throws -> ChildProcess {
        try ChildProcess(try setup.command(), greetedBy: "settings ")
    }

    private static func port(in banner: String) -> Int? {
        guard let address = banner.split(separator: "\n").first(where: { $0.hasPrefix("base URL") }),
            let colon = address.range(of: "127.0.0.1:")
        else { return nil }
        return Int(address[colon.upperBound...].prefix { $0.isNumber })
    }

    /// Kills it, from any thread, at once.
    func kill() { child.signal(SIGKILL) }

    /// Kills it and waits for its end.
    func killed() async {
        kill()
        await child.end()
    }

    /// Ends it as an operator does.
    func stopped() async -> ChildProcess.Ending {
        child.signal(SIGTERM)
        return await child.end().ending
    }

    /// How many files and sockets it has open.
    var openFiles: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.id)/fd").count) ?? 0
    }

    deinit { kill() }
}
