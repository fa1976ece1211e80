/// Names one session: two users who give the same name have two sessions, and nothing crosses a tenant.
///
/// The parts are compared as bytes, each with its own length, so no choice of names can make two keys meet.
public struct SessionKey: Hashable, Sendable {
    /// Whose it is.
    public let owner: SessionOwner
    /// The given id, or the 32 hex digits made for a new session.
    public let name: String

    /// Who owns the data.
    public var tenant: String { owner.tenant }

    /// A key from its parts; the name has 1–256 bytes of UTF-8.
    public init(_ owner: SessionOwner, _ name: String) {
        self.owner = owner
        self.name = name
    }

    /// The key of a person's session, each part 1–256 bytes of UTF-8.
    public init(tenant: String, user: String, name: String) {
        self.init(SessionOwner(tenant: tenant, .user, user), name)
    }

    /// Compares bytes, as owners do.
    public static func == (left: SessionKey, right: SessionKey) -> Bool {
        left.owner == right.owner && left.name.hasSameBytes(as: right.name)
    }
}
