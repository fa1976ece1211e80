import JSONBytes
import NIOCore

extension ToolCallAssembler {
    /// A piece of a call and where its members lie.
    struct Delta {
        /// What the arguments are.
        enum Arguments {
            /// A piece of their text.
            case text(JSONString)
            /// A JSON value in their place.
            case value(Range<Int>)
        }

        private(set) var index: Int?
        /// Where it is not empty.
        private(set) var id: JSONString?
        /// Where it is not empty.
        private(set) var name: JSONString?
        private(set) var arguments: Arguments?
        private(set) var isCustom = false
        private(set) var extraContent: Range<Int>?

        /// Reads the call under the cursor and passes it.
        init(_ cursor: inout JSONCursor, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
            try cursor.beginObject(in: bytes)
            while let member = try cursor.nextMember(in: bytes) {
                let start = cursor.offset
                switch member.name(in: bytes) {
                case "index": index = try cursor.readWholeNumber(in: bytes)
                case "id": id = try cursor.readFilledString(in: bytes)
                case "function":
                    if let object = try cursor.readObjectStart(in: bytes) {
                        try readFunction(object, in: bytes)
                    }
                case "custom":
                    guard let object = try cursor.readObjectStart(in: bytes) else { continue }
                    isCustom = true
                    try readFunction(object, in: bytes)
                case "extra_content":
                    try cursor.skipValue(in: bytes)
                    extraContent = bytes[start] == UInt8(ascii: "n") ? nil : start..<cursor.offset
                default: try cursor.skipValue(in: bytes)
                }
            }
        }

        /// Reads a legacy `function_call`.
        init(function start: Int, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
            try readFunction(start, in: bytes)
        }

        private mutating func readFunction(_ start: Int, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
            var cursor = JSONCursor(at: start, text: .lenient)
            try cursor.beginObject(in: bytes)
            while let member = try cursor.nextMember(in: bytes) {
                let start = cursor.offset
                switch member.name(in: bytes) {
                case "name":
                    name = try cursor.readFilledString(in: bytes)
                case "arguments", "input":
                    if bytes[start] == UInt8(ascii: "\"") {
                        arguments = .text(try cursor.skipString(in: bytes))
                    } else {
                        try cursor.skipValue(in: bytes)
                        arguments = bytes[start] == UInt8(ascii: "n") ? nil : .value(start..<cursor.offset)
                    }
                default:
                    try cursor.skipValue(in: bytes)
                }
            }
        }
    }
}

extension ToolCallAssembler.Call {
    /// Takes a piece: the first id stays, names are joined but not repeated, arguments are joined.
    mutating func add(_ delta: ToolCallAssembler.Delta, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget) {
        if id.isEmpty, let string = delta.id { budget.keep(string, in: &id, bytes) }
        if let string = delta.name {
            var piece: [UInt8] = []
            string.append(to: &piece, in: bytes)
            if piece != name, budget.take(piece.count) { name += piece }
        }
        switch delta.arguments {
        case .text(let string)?: budget.keep(string, in: &arguments, bytes)
        case .value(let range)?:
            if budget.take(range.count) { arguments.appendCompact(bytes, range) }
        case nil: break
        }
        if delta.isCustom { isCustom = true }
        if let range = delta.extraContent, budget.take(range.count) {
            var raw: [UInt8] = []
            raw.append(bytes, range)
            extraContent = ByteBuffer(bytes: raw)
        }
    }
}

extension [UInt8] {
    /// Appends a JSON value without the white space between its parts.
    fileprivate mutating func appendCompact(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var isInString = false
        var isEscaped = false
        for index in range {
            let byte = bytes[index]
            if isInString {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if byte <= 0x20 {
                continue
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            }
            append(byte)
        }
    }
}
