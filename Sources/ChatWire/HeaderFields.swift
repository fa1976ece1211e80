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
        pairs.filter { $0.0.matchesFieldName(name) }.map { $0.1 }
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
        let left = utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        for (a, b) in zip(left, right) where a != b {
            guard a | 0x20 == b | 0x20, (0x61...0x7A).contains(a | 0x20) else { return false }
        }
        return true
    }
}
