/// Header fields in wire order: empty and repeated ones are kept, names compare without case.
///
/// The storage is the array of pairs that NIOHTTP1 takes and gives, so that crossing into an HTTP library
/// copies nothing.
public struct HeaderFields: Sendable {
    /// Name and value of each field, as on the wire.
    public var pairs: [(String, String)]

    /// Fields in the order given.
    public init(_ pairs: [(String, String)] = []) {
        self.pairs = pairs
    }

    /// The first value of a field, or nil where it is absent.
    public func first(_ name: String) -> String? {
        for (candidate, value) in pairs where candidate.matchesFieldName(name) { return value }
        return nil
    }

    /// Every value of a field, in order.
    public func all(_ name: String) -> [String] {
        var values: [String] = []
        for (candidate, value) in pairs where candidate.matchesFieldName(name) { values.append(value) }
        return values
    }

    /// Whether a field of that name is present.
    public func contains(_ name: String) -> Bool {
        pairs.contains { $0.0.matchesFieldName(name) }
    }

    /// Adds a field behind the others.
    public mutating func append(_ name: String, _ value: String) {
        pairs.append((name, value))
    }

    /// Removes every field of that name.
    public mutating func removeAll(_ name: String) {
        pairs.removeAll { $0.0.matchesFieldName(name) }
    }

    /// Puts one field in the place of all of that name.
    public mutating func replace(_ name: String, with value: String) {
        removeAll(name)
        append(name, value)
    }
}

extension String {
    /// Whether two field names are the same: ASCII, without case.
    public func matchesFieldName(_ other: String) -> Bool {
        utf8.count == other.utf8.count && hasFieldPrefix(other)
    }

    /// Whether a field name begins so: ASCII, without case.
    public func hasFieldPrefix(_ prefix: String) -> Bool {
        let (bytes, wanted) = (utf8.span, prefix.utf8.span)
        guard bytes.count >= wanted.count else { return false }
        for index in wanted.indices where bytes[index] != wanted[index] {
            let letter = wanted[index] | 0x20
            guard bytes[index] | 0x20 == letter, 0x61 <= letter, letter <= 0x7A else { return false }
        }
        return true
    }
}
