/// Splits Swift code into tokens and comments, well enough for rules about style: strings (also raw,
/// multi-line and interpolated ones) and nested comments are told apart from code; regular expression
/// literals are not known.
struct Lexer {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var isLineEmpty = true
    private var followsSpace = true
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        while place < bytes.count { step() }
    }

    private mutating func step() {
        let byte = bytes[place]
        if byte == UInt8(ascii: "\n") {
            newLine()
        } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
            place += 1
            followsSpace = true
        } else if starts(with: "//") {
            lineComment()
        } else if starts(with: "/*") {
            blockComment()
        } else if let hashes = stringOpening() {
            let start = place
            let startLine = line
            string(hashes: hashes)
            add(.text, from: start, line: startLine)
        } else if byte == UInt8(ascii: "`") {
            quotedName()
        } else if isNameByte(byte) || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "#") {
            let start = place
            place += 1
            while place < bytes.count, isNameByte(bytes[place]) { place += 1 }
            add(.word, from: start, line: line)
        } else {
            place += 1
            add(.mark, from: place - 1, line: line)
        }
    }

    private mutating func newLine() {
        place += 1
        line += 1
        isLineEmpty = true
        followsSpace = true
    }

    private mutating func add(_ kind: Token.Kind, from start: Int, line: Int) {
        tokens.append(
            Token(
                kind: kind, text: String(decoding: bytes[start..<place], as: UTF8.self), line: line,
                isFirstOnLine: isLineEmpty, followsSpace: followsSpace))
        isLineEmpty = false
        followsSpace = false
    }

    // MARK: Comments and names

    private mutating func lineComment() {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        comments.append(Comment(line: line, text: String(decoding: bytes[start..<place], as: UTF8.self)))
        followsSpace = true
    }

    private mutating func blockComment() {
        var depth = 0
        var start = place
        repeat {
            if starts(with: "/*") {
                depth += 1
                place += 2
            } else if starts(with: "*/") {
                depth -= 1
                place += 2
            } else {
                if bytes[place] == UInt8(ascii: "\n") {
                    comments.append(
                        Comment(line: line, text: String(decoding: bytes[start..<place], as: UTF8.self)))
                    line += 1
                    start = place + 1
                }
                place += 1
            }
        } while depth > 0 && place < bytes.count
        comments.append(Comment(line: line, text: String(decoding: bytes[start..<place], as: UTF8.self)))
        followsSpace = true
    }

    private mutating func quotedName() {
        let start = place
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "`") { place += 1 }
        place = min(place + 1, bytes.count)
        add(.word, from: start, line: line)
    }

    // MARK: Strings

    /// How many `#` open a string here; nil where none opens.
    private func stringOpening() -> Int? {
        var hashes = 0
        while place + hashes < bytes.count, bytes[place + hashes] == UInt8(ascii: "#") { hashes += 1 }
        guard place + hashes < bytes.count, bytes[place + hashes] == UInt8(ascii: "\"") else { return nil }
        return hashes
    }

    /// Goes behind the string that opens here.
    private mutating func string(hashes: Int) {
        place += hashes
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        place += quotes
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\\"), closes(hashes, at: place + 1) {
                escape(behind: place + 1 + hashes)
            } else if byte == UInt8(ascii: "\""), isEnd(quotes: quotes, hashes: hashes) {
                place += quotes + hashes
                return
            } else if byte == UInt8(ascii: "\n"), quotes == 1 {
                return
            } else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                place += 1
            }
        }
    }

    private mutating func escape(behind next: Int) {
        place = next
        guard place < bytes.count else { return }
        guard bytes[place] == UInt8(ascii: "(") else {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
            return
        }
        var depth = 0
        repeat {
            if let hashes = stringOpening() {
                string(hashes: hashes)
                continue
            }
            if bytes[place] == UInt8(ascii: "(") { depth += 1 }
            if bytes[place] == UInt8(ascii: ")") { depth -= 1 }
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        } while depth > 0 && place < bytes.count
    }

    private func isEnd(quotes: Int, hashes: Int) -> Bool {
        for offset in 0..<quotes {
            guard place + offset < bytes.count, bytes[place + offset] == UInt8(ascii: "\"") else {
                return false
            }
        }
        return closes(hashes, at: place + quotes)
    }

    private func closes(_ hashes: Int, at start: Int) -> Bool {
        guard start + hashes <= bytes.count else { return false }
        return bytes[start..<(start + hashes)].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        return bytes[place..<(place + count)].elementsEqual("\(text)".utf8)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
