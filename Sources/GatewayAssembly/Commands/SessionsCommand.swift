internal import ArgumentParser
internal import JSONBytes
internal import MemoryCore
internal import MemoryStore

/// `memgate sessions`: what is kept, session by session. Asks the gateway that runs, else the store itself.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List sessions, show one, or end one.",
        subcommands: [List.self, Show.self, End.self], defaultSubcommand: List.self)

    /// Which sessions a command is about.
    struct Choice: ParsableArguments {
        @Option(help: "The tenant, where several have a session of that id.")
        var tenant: String?

        /// As a query of the admin API.
        func query(_ more: [(String, String?)] = []) -> String {
            let given = ([("tenant", tenant)] + more).compactMap { name, value in
                value.map { "\(name)=\(StoreView.encoded($0))" }
            }
            return given.isEmpty ? "" : "?" + given.joined(separator: "&")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List sessions, newest activity first.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var choice: Choice
        @Option(help: "Only that user's.") var user: String?
        @Option(help: "How many at most.") var limit = 50

        func run() async throws {
            try await StoreView.with(options) { view in
                let query = choice.query([("user", user), ("limit", "\(limit)")])
                for session in try await view.list("/sessions" + query) {
                    StandardStreams.output(
                        [
                            session.text("id"), session.text("status"),
                            session.text("user") ?? session.text("chat"), session.text("rounds"),
                            session.text("last_active_at"), session.text("title"),
                        ].map { $0 ?? "-" }.joined(separator: "  ") + "\n")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a session: its members, summaries and messages.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var choice: Choice
        @Argument(help: "The session's id, as `memgate sessions list` shows it.") var id: String

        func run() async throws {
            try await StoreView.with(options) { view in
                let path = "/sessions/\(StoreView.encoded(id))"
                let session = try await view.object(path + choice.query())
                for member in session.members ?? [] {
                    StandardStreams.output("\(member.name): \(session.text(member.name) ?? "-")\n")
                }
                for summary in try await view.list(path + "/summaries" + choice.query()) {
                    let rounds = "\(summary.text("from_round") ?? "")–\(summary.text("to_round") ?? "")"
                    StandardStreams.output(
                        "\nsummary of rounds \(rounds) (\(summary.text("source") ?? "")):\n"
                            + "\(summary.text("text") ?? "")\n")
                }
                StandardStreams.output("\n")
                for message in try await view.list(path + "/messages" + choice.query([("limit", "500")])) {
                    StandardStreams.output(
                        "\(message.text("round") ?? "-") \(message.text("role") ?? "-"): "
                            + "\(message.text("content") ?? "")\n")
                }
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session now: it is summarised, and its user's next one begins with that.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var choice: Choice
        @Argument(help: "The session's id, as `memgate sessions list` shows it.") var id: String

        func run() async throws {
            try await StoreView.with(options) { view in
                let path = "/sessions/\(StoreView.encoded(id))/end"
                let session = try await view.object(path + choice.query(), method: "POST")
                StandardStreams.output("\(id): \(session.text("status") ?? "-")\n")
            }
        }
    }
}
