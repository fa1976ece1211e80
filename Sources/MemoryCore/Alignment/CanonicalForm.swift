public import ChatWire
internal import JSONBytes
public import NIOCore

/// The form in which two messages are compared: what clients change on the way back does not count.
///
/// Version 1: Unicode in its composed form, text parts joined, white space folded, our own blocks left out;
/// from assistant text a leading reasoning block, a leading quotation of reasoning and special tokens too.
/// Tool calls count with their names and arguments, whatever their order and spelling.
public struct CanonicalForm: Hashable, Sendable {
    /// Of the rules above; kept with whatever is compared later.
    public static let version = 1

    /// Who speaks.
    private let role: Role
    /// What is said. Two strings are equal where their composed forms are.
    private let text: String
    private let calls: [String]

    /// The form of a message that stands alone in a buffer.
    ///
    /// - Parameter fence: tells our own blocks; nil where there can be none.
    public init(_ body: ByteBuffer, role: Role, fence: MemoryFence? = nil) {
        self.role = role
        var text = String(decoding: MessageText.bytes(of: body), as: UTF8.self)
        if let fence, let rest = fence.removingBlocks(from: text) { text = rest }
        if role == .assistant { text = Self.withoutReasoning(text) }
        self.text = Self.folded(text)
        calls = role == .assistant ? Self.calls(body) : []
    }

    /// The text with one space for each run of white space, none at its ends. Works on bytes: messages may be
    /// long.
    private static func folded(_ text: String) -> String {
        let bytes = text.utf8Span.span
        var folded: [UInt8] = []
        folded.reserveCapacity(bytes.count)
        var isBehindSpace = false
        var at = 0
        while at < bytes.count {
            let width = whiteSpace(at, bytes)
            if width > 0 {
                isBehindSpace = !folded.isEmpty
                at += width
                continue
            }
            if isBehindSpace { folded.append(0x20) }
            isBehindSpace = false
            folded.append(bytes[at])
            at += 1
        }
        return String(decoding: folded, as: UTF8.self)
    }

    /// How many bytes the white space at a place takes (Unicode's White_Space), 0 where there is none.
    private static func whiteSpace(_ at: Int, _ bytes: Span<UInt8>) -> Int {
        switch bytes[at] {
        case 0x20, 0x09...0x0D: return 1
        case 0xC2 where at + 1 < bytes.count:
            return bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0 ? 2 : 0
        case 0xE1...0xE3 where at + 2 < bytes.count:
            switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
            case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9),
                (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
                return 3
            default: return 0
            }
        default: return 0
        }
    }

    private static func withoutReasoning(_ text: String) -> String {
        var rest = text.drop(while: \.isWhitespace)
        for (opening, closing) in [("<think>", "</think>"), ("<thinking>", "</thinking>")]
        where rest.hasPrefix(opening) {
            if let end = rest.firstRange(of: closing) { rest = rest[end.upperBound...] }
        }
        rest = withoutQuotation(rest)
        return withoutSpecialTokens(rest)
    }

    /// NextChat keeps reasoning as quoted lines in front of the answer.
    private static func withoutQuotation(_ text: Substring) -> Substring {
        let lines = text.drop(while: \.isWhitespace).split(
            separator: "\n", omittingEmptySubsequences: false)
        let quoted = lines.prefix { $0.hasPrefix(">") || $0.allSatisfy(\.isWhitespace) }
        guard quoted.contains(where: { $0.hasPrefix(">") }), quoted.count < lines.count,
            let answer = lines.dropFirst(quoted.count).first
        else { return text }
        return text[answer.startIndex...]
    }

    /// `<|im_end|>` and the like.
    private static func withoutSpecialTokens(_ text: Substring) -> String {
        var kept = ""
        var rest = text
        while let start = rest.firstRange(of: "<|"),
            let end = rest[start.upperBound...].prefix(40).firstRange(of: "|>")
        {
            kept += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }

    private static func calls(_ body: ByteBuffer) -> [String] {
        guard let located = try? LocatedMessage(in: body), located.callsTools,
            let message = try? JSONTreeParser.parse(Array(body.readableBytesView))
        else { return [] }
        var calls = (message["tool_calls"]?.elements ?? []).map { named($0["function"] ?? $0["custom"]) }
        if let call = message["function_call"] { calls.append(named(call)) }
        return calls
    }

    private static func named(_ function: JSONValue?) -> String {
        let arguments = (function?["arguments"] ?? function?["input"])?.string ?? ""
        let parsed = try? JSONTreeParser.parse(Array(arguments.utf8))
        return (function?["name"]?.string ?? "") + " " + (parsed.map(sorted) ?? folded(arguments))
    }

    /// A value with its members in order of their names.
    private static func sorted(_ value: JSONValue) -> String {
        switch value.content {
        case .object(let members):
            let sortedMembers = members.sorted { $0.name < $1.name }
            return "{"
                + sortedMembers.map { "\($0.name.debugDescription):\(sorted($0.value))" }
                .joined(separator: ",") + "}"
        case .array(let elements): return "[" + elements.map(sorted).joined(separator: ",") + "]"
        case .string(let text): return text.debugDescription
        case .number(let spelling): return Double(spelling).map { "\($0)" } ?? spelling
        case .bool(let flag): return "\(flag)"
        case .null: return "null"
        }
    }
}
