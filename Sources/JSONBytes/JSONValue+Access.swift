extension JSONValue {
    /// The members of an object, else nil.
    public var members: [Member]? {
        guard case .object(let members) = content else { return nil }
        return members
    }

    /// The elements of an array, else nil.
    public var elements: [JSONValue]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    /// The text of a string, else nil.
    public var string: String? {
        guard case .string(let text) = content else { return nil }
        return text
    }

    /// The first member's value of that name; nil where there is none or this is no object.
    public subscript(_ name: String) -> JSONValue? {
        members?.first { $0.name == name }?.value
    }
}
