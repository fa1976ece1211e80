internal import JSONBytes
internal import MemoryCore

/// The `summary` object.
struct AdminSummary: AdminObject {
    let summary: SessionSummary
    /// The id of its session.
    let session: String

    /// A summary's id: its session's, and its number in the chain.
    static func id(_ number: Int, in session: String) -> String { "\(session):\(number)" }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", Self.id(summary.number, in: session))
        writer.member("session", session)
        writer.member("parent", orNull: summary.parent.map { Self.id($0, in: session) })
        writer.member("from_round", summary.rounds.lowerBound)
        writer.member("to_round", summary.rounds.upperBound)
        writer.member("anchor", AdminMessage.id(summary.anchor, in: session))
        writer.member("kind", summary.purpose == .end ? "session" : "growth")
        writer.member("source", "\(summary.source)")
        writer.member("model", orNull: summary.model)
        writer.member("text", summary.text)
        writer.member("tokens", TokenEstimate.tokens(ofText: summary.text))
        writer.member("created_at", orNull: summary.createdAt)
    }
}
