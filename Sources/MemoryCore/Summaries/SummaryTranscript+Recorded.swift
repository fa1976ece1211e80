internal import ChatWire
internal import JSONBytes
internal import NIOCore

extension SummaryTranscript {
    /// Arguments and results of tools are cut behind so many quarters of a token.
    private static let toolQuarters = 240

    /// A transcript of recorded rounds, oldest first: instructions of the application are left out, and
    /// messages that failed or broke off; reasoning too. Images and files become a short description, tool
    /// calls and results one line each.
    public init(of turns: [StoredTurn], language: Language) {
        var entries: [Entry] = []
        for turn in turns {
            for message in turn.messages where Self.isTold(message) {
                entries.append(Self.entry(turn.round, message, language))
            }
        }
        self.init(entries, language: language)
    }

    private static func isTold(_ message: StoredTurn.Message) -> Bool {
        switch message.role {
        case .system, .developer, .other: false
        default: message.status != .failed && message.status != .incomplete
        }
    }

    private static func entry(
        _ round: Int, _ message: StoredTurn.Message, _ language: Language
    ) -> Entry {
        let isTool = message.role == .tool || message.role == .function
        var lines: [String] = []
        if let tree = try? JSONTreeParser.parse(Array(message.body.readableBytesView)) {
            lines = content(tree["content"])
            if message.callsTools { lines += calls(tree) }
        } else {
            lines = [String(decoding: MessageText.bytes(of: message.body), as: UTF8.self)]
        }
        var text = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        if isTool { text = TextCut.withoutMiddle(oneLine(text), quarters: toolQuarters) }
        if message.role == .assistant { text = AnswerText.withoutReasoning(text) }
        let name = message.role == .user ? message.speaker : nil
        return Entry(
            round: round, role: isTool ? .tool : message.role,
            speaker: name ?? Self.name(of: message.role, language), text: text)
    }

    /// Text joined as it stands; what is none on a line of its own.
    private static func content(_ content: JSONValue?) -> [String] {
        if let text = content?.string { return [text] }
        var lines: [String] = []
        var isText = false
        for part in content?.elements ?? [] {
            if let text = part.string ?? part["text"]?.string ?? part["refusal"]?.string {
                if isText { lines[lines.count - 1] += text } else { lines.append(text) }
                isText = true
            } else {
                lines.append(attachment(part))
                isText = false
            }
        }
        return lines
    }

    private static func attachment(_ part: JSONValue) -> String {
        let file = part["file"] ?? part
        let name = oneLine(file["filename"]?.string ?? file["name"]?.string ?? "").prefix(80)
        let kind =
            switch part["type"]?.string {
            case "image_url"?, "input_image"?, "image"?: "image"
            case "input_audio"?, "audio"?: "audio"
            case "video_url"?, "input_video"?, "video"?: "video"
            case "file"?, "input_file"?: "file"
            default: "attachment"
            }
        return name.isEmpty ? "[\(kind)]" : "[\(kind): \(name)]"
    }

    private static func calls(_ message: JSONValue) -> [String] {
        var calls = (message["tool_calls"]?.elements ?? []).map { called($0["function"] ?? $0["custom"]) }
        if let call = message["function_call"] { calls.append(called(call)) }
        return calls
    }

    private static func called(_ function: JSONValue?) -> String {
        let arguments = oneLine((function?["arguments"] ?? function?["input"])?.string ?? "")
        let name = oneLine(function?["name"]?.string ?? "tool").prefix(80)
        let cut = TextCut.withoutMiddle(arguments, quarters: toolQuarters)
        return cut.isEmpty ? "[called \(name)]" : "[called \(name) \(cut)]"
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
