public import ChatWire

/// What is summarised, as data: who said what in which round, oldest first.
///
/// Its text is one line for each message, so that none can speak for another: lines within a message are
/// indented, names hold no colon.
public struct SummaryTranscript: Hashable, Sendable {
    /// One message.
    public struct Entry: Hashable, Sendable {
        /// The round that it belongs to.
        public var round: Int
        /// Who speaks: the person, the assistant, or a tool.
        public var role: Role
        /// The speaker's name.
        public var speaker: String
        /// What was said.
        public var text: String

        /// A message by its members.
        ///
        /// - Parameter speaker: on one line; colons and control characters are taken from it, and what is
        ///   behind its 64th character.
        public init(round: Int, role: Role, speaker: String, text: String) {
            self.round = round
            self.role = role
            let name = Self.name(speaker)
            self.speaker = name.isEmpty ? "?" : name
            self.text = text
        }

        /// A line of a text that tells no speaker.
        init(line: Substring) {
            (round, role, speaker, text) = (0, .user, "", String(line))
        }

        /// The whole line, without its end.
        var line: String {
            (speaker.isEmpty ? "" : speaker + ": ") + SummaryTranscript.indented(text)
        }

        private static func name(_ speaker: String) -> String {
            let kept = speaker.unicodeScalars.prefix(256).map { scalar in
                let breaks = scalar == ":" || scalar == "：" || TextMarks.isControl(scalar)
                return breaks ? " " : scalar
            }
            var name = ""
            name.unicodeScalars.append(contentsOf: kept)
            return String(name.split(separator: " ").joined(separator: " ").prefix(64))
        }
    }

    /// The messages, oldest first.
    public internal(set) var entries: [Entry]
    /// Messages that were left out: how many, and how many of the entries stand before them.
    public internal(set) var omitted: (count: Int, place: Int) {
        get { (omittedCount, omittedPlace) }
        set { (omittedCount, omittedPlace) = newValue }
    }
    /// The language of our own words in it.
    public let language: Language
    private var omittedCount = 0
    private var omittedPlace = 0

    /// A transcript of messages, oldest first; those without text are left out.
    public init(_ entries: [Entry], language: Language) {
        self.entries = entries.filter { $0.text.contains { !$0.isWhitespace } }
        self.language = language
    }

    /// Whether nothing was said.
    public var isEmpty: Bool { entries.isEmpty }

    /// `Speaker: text`, a line for each message.
    public var text: String {
        var lines = entries.map(\.line)
        if omittedCount > 0 { lines.insert(Self.omission(omittedCount, language), at: omittedPlace) }
        return lines.joined(separator: "\n")
    }

    /// The names of all who speak.
    var speakers: Set<String> { Set(entries.map(\.speaker)) }

    /// Estimated tokens of its text.
    public var tokens: Int { TokenEstimate.tokens(ofText: text) }

    /// How somebody without a name of their own is called.
    public static func name(of role: Role, _ language: Language) -> String {
        switch (role, language) {
        case (.assistant, .en): "Assistant"
        case (.assistant, .zh): "助手"
        case (.tool, .en), (.function, .en): "Tool"
        case (.tool, .zh), (.function, .zh): "工具"
        case (_, .en): "User"
        case (_, .zh): "用户"
        }
    }

    /// The line that stands for messages that were left out.
    static func omission(_ count: Int, _ language: Language) -> String {
        switch language {
        case .en: count == 1 ? "[… 1 message left out …]" : "[… \(count) messages left out …]"
        case .zh: "[…… 略去 \(count) 条消息 ……]"
        }
    }

    /// A text whose lines behind the first begin with four spaces, whatever ended them; empty ones go.
    private static func indented(_ text: String) -> String {
        // Every mark that ends a line holds one of these bytes.
        let mayBreak = text.utf8.contains { (0x0A...0x0D).contains($0) || $0 == 0x85 || $0 == 0xE2 }
        guard mayBreak else { return text }
        return text.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
            .joined(separator: "\n    ")
    }
}
