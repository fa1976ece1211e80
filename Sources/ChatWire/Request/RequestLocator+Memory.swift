import JSONBytes

extension RequestLocator {
    /// How many members of `memory` are looked at by name; a body could hold millions.
    private static let mostMemoryMembers = 64

    /// Reads `memory`.
    mutating func readMemory(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            note(.invalidMember, "memory", "\"memory\" must be an object.")
            return try cursor.skipValue(in: bytes)
        }
        var memory = MemoryMember()
        var names: Set<String> = []
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            let text = name.text(in: bytes)
            // There are fewer members than that: behind so many nothing can be right.
            if names.count < Self.mostMemoryMembers, !names.insert(text).inserted {
                let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
                note(
                    .duplicateMember, "memory.\(shown)",
                    "\"memory\" has a second member \"\(shown)\": send it once.")
            }
            try read(name.name(in: bytes), text, into: &memory, bytes)
        }
        members.memory = memory
    }

    private mutating func read(
        _ name: JSONName, _ text: String, into memory: inout MemoryMember, _ bytes: Span<UInt8>
    ) throws(JSONSyntaxError) {
        let start = cursor.offset
        switch name {
        case "session": memory.session = try readID(text, bytes)
        case "user": memory.user = try readID(text, bytes)
        case "chat": memory.chat = try readID(text, bytes)
        case "mode": memory.mode = want("a string", text, try cursor.readText(in: bytes))
        case "policy": memory.policy = want("a string", text, try cursor.readText(in: bytes))
        case "task": memory.task = want("a string", text, try cursor.readText(in: bytes))
        case "state": memory.state = want("a string", text, try cursor.readText(in: bytes))
        case "vars":
            try cursor.skipValue(in: bytes)
            let isObject = bytes[start] == UInt8(ascii: "{")
            memory.vars = want("an object", text, isObject ? start..<cursor.offset : nil)
        case "passive": memory.passive = want("true or false", text, try cursor.readBoolean(in: bytes))
        case "reset": memory.reset = want("true or false", text, try cursor.readBoolean(in: bytes))
        case "clear": memory.clear = want("true or false", text, try cursor.readBoolean(in: bytes))
        case "window": memory.window = want("a whole number", text, try cursor.readWholeNumber(in: bytes))
        default:
            if memory.unknown.count < Self.mostMemoryMembers { memory.unknown.append(text) }
            try cursor.skipValue(in: bytes)
        }
    }

    /// The value, and a noted fault where it is of another type.
    private mutating func want<Value>(_ type: String, _ name: String, _ value: Value?) -> Value? {
        if value == nil { note(.invalidMember, "memory.\(name)", "\"memory.\(name)\" must be \(type).") }
        return value
    }

    /// An id: 1–256 bytes of UTF-8 without control characters.
    private mutating func readID(_ name: String, _ bytes: Span<UInt8>) throws(JSONSyntaxError) -> String? {
        guard let string = want("a string", name, try cursor.readString(in: bytes)) else { return nil }
        var id: [UInt8] = []
        let isText = string.append(to: &id, in: bytes)
        let text = String(decoding: id, as: UTF8.self)
        if id.isEmpty || id.count > 256 || !isText || text.unicodeScalars.contains(where: \.isControl) {
            note(
                .invalidID, "memory.\(name)",
                "\"memory.\(name)\" must be 1 to 256 bytes of UTF-8 without control characters.")
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character of C0 or C1, or DEL.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
