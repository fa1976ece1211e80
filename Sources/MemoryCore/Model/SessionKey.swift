/// Names one session: two users who give the same name have two sessions, and nothing crosses a tenant.
///
/// The parts are compared as bytes, each with its own length, so no choice of names can make two keys meet.
public struct SessionKey: Hashable, Sendable {
    /// Who owns the data.
    public let tenant: String
    /// The person of that tenant.
    public let user: String
    /// The given id, or the 32 hex digits made for a new session.
    public let name: String

    /// A key from its three parts, each 1–256 bytes of UTF-8.
    public init(tenant: String, user: String, name: String) {
        self.tenant = tenant
        self.user = user
        self.name = name
    }

    /// Compares bytes: `String` takes two spellings of one character for the same, the store does not. Equal
    /// bytes make equal strings, so the strings' own hashes still fit.
    public static func == (left: SessionKey, right: SessionKey) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.user.utf8.elementsEqual(right.user.utf8)
            && left.tenant.utf8.elementsEqual(right.tenant.utf8)
    }
}
