/// Whom a request comes from, as far as its credential tells, and what that one may do.
package struct Caller: Hashable, Sendable {
    /// Whom the data belongs to.
    package var tenant: String
    /// The gateway key's name; nil where none is needed.
    package var key: String?
    /// The user of a request that names none; nil for the gateway's default.
    package var user: String?
    /// The policy of a request that names none.
    package var policy: String
    /// Whether it may name a user or a chat.
    package var mayAssertUser: Bool
    /// Whether it may name another policy.
    package var mayChoosePolicy: Bool

    /// A caller by its members.
    package init(
        tenant: String, key: String? = nil, user: String? = nil, policy: String = "default",
        mayAssertUser: Bool = true, mayChoosePolicy: Bool = true
    ) {
        self.tenant = tenant
        self.key = key
        self.user = user
        self.policy = policy
        self.mayAssertUser = mayAssertUser
        self.mayChoosePolicy = mayChoosePolicy
    }

    /// Whoever reaches a gateway that has no keys: one person, or one trusted network.
    package static let anyone = Caller(tenant: "local")
}
