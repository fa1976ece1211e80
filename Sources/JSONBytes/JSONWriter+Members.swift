extension JSONWriter {
    /// A member that is a string.
    public mutating func member(_ name: String, _ value: String) {
        member(name) { $0.string(value) }
    }

    /// A member that is a whole number.
    public mutating func member(_ name: String, _ value: some BinaryInteger) {
        member(name) { $0.integer(value) }
    }

    /// A member that is `true` or `false`.
    public mutating func member(_ name: String, _ value: Bool) {
        member(name) { $0.bool(value) }
    }

    /// A value of a tree; numbers keep their spelling, duplicates stay.
    public mutating func value(_ value: JSONValue) {
        switch value.content {
        case .object(let members):
            object { writer in
                for member in members { writer.member(member.name) { $0.value(member.value) } }
            }
        case .array(let elements):
            array { writer in
                for element in elements { writer.value(element) }
            }
        case .string(let text): string(text)
        case .number(let spelling): raw(spelling.utf8)
        case .bool(let flag): bool(flag)
        case .null: null()
        }
    }
}
