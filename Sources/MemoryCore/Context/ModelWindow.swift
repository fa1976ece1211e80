/// What is known of how many tokens models take.
public enum ModelWindow {
    /// Of how many tokens a window is at least; smaller numbers are of something else.
    static let least = 256

    /// Windows of hosted models, by the beginning of their names, as their vendors stated them in November
    /// 2026; the longest beginning that fits counts. A server on one's own machine loads models with windows
    /// of its own choice, so this is for vendors' addresses only.
    private static let hosted: [(beginning: String, tokens: Int)] = [
        ("gpt-3.5-turbo", 16_385), ("gpt-4", 8192), ("gpt-4-turbo", 128_000), ("gpt-4o", 128_000),
        ("gpt-4.1", 1_047_576), ("gpt-5", 400_000), ("o1", 200_000), ("o3", 200_000), ("o4-mini", 200_000),
        ("claude-", 200_000), ("gemini-1.5", 1_048_576), ("gemini-2", 1_048_576),
        ("mistral-large", 128_000), ("mistral-small", 128_000), ("deepseek-chat", 128_000),
        ("deepseek-reasoner", 128_000), ("grok-3", 131_072), ("grok-4", 256_000),
    ]

    /// The window of a hosted model, nil where none is known. Vendors' prefixes (`openai/gpt-4o`) are left
    /// out.
    public static func hosted(_ model: String) -> Int? {
        let name = model.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return hosted.filter { name.hasPrefix($0.beginning) }.max { $0.beginning.count < $1.beginning.count }?
            .tokens
    }

    /// The window that a server's refusal of a long request tells, nil where it tells none.
    public static func stated(inRefusal body: Span<UInt8>) -> Int? {
        var start: [UInt8] = []
        for index in 0..<min(body.count, 8192) { start.append(body[index]) }
        let text = String(decoding: start, as: UTF8.self).lowercased()
        for words in [
            "n_ctx\":", "maximum context length", "context length", "context window", "context size",
        ] {
            guard let found = text.firstRange(of: words) else { continue }
            if let number = firstNumber(in: text[found.upperBound...].prefix(60)) { return number }
        }
        return nil
    }

    private static func firstNumber(in text: Substring) -> Int? {
        let digits = text.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) || $0 == "," }
        guard let number = Int(digits.filter { $0 != "," }), (least...100_000_000).contains(number) else {
            return nil
        }
        return number
    }
}
