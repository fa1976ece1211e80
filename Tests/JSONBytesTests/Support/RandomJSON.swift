import RepeatableRandom

/// JSON texts at random, in every spelling that the grammar allows.
struct RandomJSON {
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// A value with white space around it.
    mutating func value(depth: Int = 0) -> String {
        let kinds = depth > 5 ? 4 : 6
        let text =
            switch Int.random(in: 0..<kinds, using: &random) {
            case 0: string()
            case 1: number()
            case 2: pick(["true", "false", "null"])
            case 3: string()
            case 4: list(depth: depth, "[", "]") { $0.value(depth: depth + 1) }
            default:
                list(depth: depth, "{", "}") {
                    $0.space() + $0.string() + $0.space() + ":" + $0.value(depth: depth + 1)
                }
            }
        return space() + text + space()
    }

    mutating func space() -> String {
        pick(["", "", "", " ", "\n", "\t\r\n  "])
    }

    mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func string() -> String {
        let pieces = [
            "a", "plain text of some length ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\uD83D\\uDE00",
            "\\ud800",
            "é", "世界", "中文字符的一段文字", "😀", "\u{7F}", "{", "]", ",", ":", "0123456789abcdef", "ア", "\u{FFFF}",
            "\u{800}", "\u{D7FF}",
        ]
        let count = Int.random(in: 0...6, using: &random)
        return "\"" + (0..<count).map { _ in pick(pieces) }.joined() + "\""
    }

    private mutating func number() -> String {
        pick(["0", "-0", "7", "-12", "1234567890123456789012", "0.5", "1e9", "-1.25E-3", "2e+0"])
    }

    private mutating func list(
        depth: Int, _ open: String, _ close: String, _ element: (inout RandomJSON) -> String
    ) -> String {
        let count = Int.random(in: 0...4, using: &random)
        var elements: [String] = []
        for _ in 0..<count { elements.append(element(&self)) }
        return open + (elements.isEmpty ? space() : elements.joined(separator: ",")) + close
    }
}
