internal import JSONBytes
internal import MemoryCore

/// The `session` object.
struct AdminSession: AdminObject {
    let details: SessionDetails
    /// How many summaries it has.
    let summaries: Int

    func writeMembers(to writer: inout JSONWriter) {
        let (key, snapshot, life) = (details.key, details.snapshot, details.life)
        let isOpen = life.status == .open
        writer.member("id", details.id)
        writer.member("name", key.name)
        writer.member("tenant", key.tenant)
        writer.member("user", orNull: key.owner.kind == .user ? key.owner.name : nil)
        writer.member("chat", orNull: key.owner.kind == .chat ? key.owner.name : nil)
        writer.member("policy", life.terms.policy)
        writer.member("title", orNull: life.title)
        writer.member("status", life.status.name)
        writer.nullMembers("state")
        writer.member("vars") { $0.object { _ in } }
        writer.member("resolved", orNull: life.terms.resolution.isEmpty ? nil : life.terms.resolution)
        writer.nullMembers("forked_from", "client")
        writer.member("created_at", orNull: snapshot.createdAt)
        writer.member("last_active_at", orNull: snapshot.lastActiveAt)
        writer.member("expires_at", orNull: isOpen ? life.expiry(after: snapshot.lastActiveAt) : nil)
        writer.member("ended_at", orNull: life.endedAt)
        writer.member("rounds", snapshot.lastRound)
        writer.member("messages", details.messages)
        writer.member("summaries", summaries)
        let usage = details.usage
        writer.member(
            "usage",
            orNull: AdminUsage(
                usage: TokenUsage(prompt: usage.prompt, completion: usage.completion, cached: usage.cached),
                isEstimated: usage.isEstimated))
    }
}
