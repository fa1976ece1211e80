internal import JSONBytes

/// Whose sessions they are: a person, or a room that several people share. Nothing crosses an owner.
public struct SessionOwner: Hashable, Sendable {
    /// The kinds of owner; a room may have the name of a person, and is another owner all the same.
    public enum Kind: Hashable, Sendable {
        /// A person.
        case user
        /// A group chat.
        case chat
    }

    /// The name of whoever gives none: many may go by it, so it has no memory beyond single sessions.
    public static let nobody = "default"

    /// Who owns the data.
    public let tenant: String
    /// A person, or a room.
    public let kind: Kind
    /// Its name in the tenant, 1–256 bytes of UTF-8.
    public let name: String

    /// An owner by its parts.
    public init(tenant: String, _ kind: Kind, _ name: String) {
        self.tenant = tenant
        self.kind = kind
        self.name = name
    }

    /// Compares bytes: `String` takes two spellings of one character for the same, the store does not. Equal
    /// bytes make equal strings, so the strings' own hashes still fit.
    public static func == (left: SessionOwner, right: SessionOwner) -> Bool {
        left.kind == right.kind && left.name.hasSameBytes(as: right.name)
            && left.tenant.hasSameBytes(as: right.tenant)
    }
}

extension String {
    /// Whether the UTF-8 of both is the same.
    func hasSameBytes(as other: String) -> Bool {
        let (left, right) = (utf8Span.span, other.utf8Span.span)
        guard left.count == right.count else { return false }
        var at = 0
        while at + 8 <= left.count {
            guard left.word(at: at) == right.word(at: at) else { return false }
            at += 8
        }
        return (at..<left.count).allSatisfy { left[$0] == right[$0] }
    }
}
