/// Whom data belongs to on a gateway without keys.
public enum Tenancy: String, CaseIterable, Hashable, Sendable {
    /// Everything belongs to one tenant, `local`.
    case single
    /// Each client credential is a tenant of its own.
    case credential
}
