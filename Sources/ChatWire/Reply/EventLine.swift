import JSONBytes

extension EventDecoder {
    /// One line of an event stream, without its end.
    struct Line {
        /// What it is; ranges count from the line's beginning.
        enum Kind {
            case blank
            case comment
            /// `data:` and what follows; whether that is one JSON text, or `[DONE]`.
            case data(Range<Int>, isValue: Bool)
            /// A line that begins like JSON; whether it is one JSON text.
            case json(Range<Int>, isValue: Bool)
            /// Any other field.
            case field
        }

        let kind: Kind

        /// Tells what a line is; the first one of a body may begin with a byte order mark.
        init(_ line: Span<UInt8>, isFirst: Bool) {
            var start = 0
            if isFirst, line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { start = 3 }
            guard start < line.count else {
                kind = .blank
                return
            }
            switch line[start] {
            case UInt8(ascii: ":"):
                kind = .comment
            case UInt8(ascii: "d") where Self.isData(line, at: start):
                start &+= 5
                if start < line.count, line[start] == UInt8(ascii: " ") { start &+= 1 }
                let range = start..<line.count
                kind = .data(range, isValue: Self.isValue(line.extracting(range)))
            case _ where Self.beginsJSON(line.extracting(start..<line.count)):
                let range = start..<line.count
                kind = .json(range, isValue: Self.isValue(line.extracting(range)))
            default:
                kind = .field
            }
        }

        /// Whether the first byte behind white space and a byte order mark opens an object or a list.
        static func beginsJSON(_ line: Span<UInt8>) -> Bool {
            var index = 0
            if line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { index = 3 }
            while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index &+= 1 }
            guard index < line.count else { return false }
            return line[index] == UInt8(ascii: "{") || line[index] == UInt8(ascii: "[")
        }

        private static func isData(_ line: Span<UInt8>, at start: Int) -> Bool {
            guard start &+ 5 <= line.count else { return false }
            return line[start &+ 1] == UInt8(ascii: "a") && line[start &+ 2] == UInt8(ascii: "t")
                && line[start &+ 3] == UInt8(ascii: "a") && line[start &+ 4] == UInt8(ascii: ":")
        }

        /// Whether the bytes are one JSON object or list, or `[DONE]`.
        private static func isValue(_ bytes: Span<UInt8>) -> Bool {
            bytes.isDone || bytes.isJSONText
        }
    }
}

extension Span<UInt8> {
    /// The first CR or LF from an index on, else the end.
    func endOfLine(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            let word = word(at: index)
            let marks = (word ^ .everyByte(0x0A)).zeroBytes | (word ^ .everyByte(0x0D)).zeroBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < count, self[index] != 0x0A, self[index] != 0x0D { index &+= 1 }
        return index
    }

    /// Whether the bytes are one JSON object or list; bytes that are no UTF-8 pass.
    var isJSONText: Bool {
        var cursor = JSONCursor(text: .lenient)
        cursor.skipWhitespace(in: self)
        guard let first = cursor.peek(in: self), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return false }
        do throws(JSONSyntaxError) {
            try cursor.skipValue(in: self)
            try cursor.expectEnd(in: self)
            return true
        } catch {
            return false
        }
    }

    /// Whether the bytes are `[DONE]` between white space.
    var isDone: Bool {
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: self)
        let start = cursor.offset
        guard start &+ 6 <= count, partialWord(at: start, count: 6) == 0x5D45_4E4F_445B else { return false }
        cursor.offset = start &+ 6
        cursor.skipWhitespace(in: self)
        return cursor.offset == count
    }
}
