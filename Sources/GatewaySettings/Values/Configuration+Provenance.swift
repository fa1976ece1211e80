extension Configuration {
    /// Where the settings came from, in words for the banner.
    public struct Provenance: Hashable, Sendable {
        /// The file that was read; nil where there is none and the defaults hold.
        public let file: String?
        /// How the upstream was chosen.
        public let upstream: UpstreamOrigin
        /// What its reader should know: what was skipped, and what this version lacks. Sentences.
        public let notes: [String]
    }

    /// How the upstream was chosen.
    public enum UpstreamOrigin: Hashable, Sendable {
        /// By `--upstream`.
        case flag
        /// By `MEMGATE_UPSTREAM`.
        case variable
        /// By the file.
        case file
        /// By `OPENAI_BASE_URL`.
        case openAIBaseURL
        /// Found where such a server usually listens.
        case localServer(LocalServer)
        /// OpenAI itself, since `OPENAI_API_KEY` is set.
        case openAIKey
        /// The built-in model, since nothing else was named.
        case nothingNamed

        /// The reason in words, and how to have another upstream where nobody named this one to us.
        public var reason: String {
            switch self {
            case .flag: "named by --upstream"
            case .variable: "named by MEMGATE_UPSTREAM"
            case .file: "named by the settings file"
            case .openAIBaseURL: "named by OPENAI_BASE_URL; \(Self.ways)"
            case .localServer(let server): "found on the usual port of \(server.name); \(Self.ways)"
            case .openAIKey: "OpenAI, since OPENAI_API_KEY is set; \(Self.ways)"
            case .nothingNamed:
                "the built-in model, since no upstream is named and no model server was found; \(Self.ways)"
            }
        }

        private static let ways = "--upstream URL|demo, MEMGATE_UPSTREAM or plugins.json names another"
    }
}
