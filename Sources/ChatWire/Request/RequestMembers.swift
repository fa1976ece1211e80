/// What memgate reads of a request body besides its messages. Members of a wrong type count as absent:
/// whether they are a fault is for the model server to say.
public struct RequestMembers: Hashable, Sendable {
    /// `model`, where it is a string.
    public internal(set) var model: String?
    /// Whether a stream is asked for.
    public internal(set) var stream = false
    /// `n`: how many choices are asked for, at least 1.
    public internal(set) var choices = 1
    /// `user`, where it is a string.
    public internal(set) var user: String?
    /// `safety_identifier`, where it is a string.
    public internal(set) var safetyIdentifier: String?
    /// `metadata.user_id`, where it is a string.
    public internal(set) var metadataUser: String?
    /// Strings under `session_id`, `conversation_id`, `chat_id` and `thread_id`: those of `metadata`, then
    /// those of the body itself, each in that order.
    public var conversationIDs: [String] {
        idsByRank.sorted { $0.key < $1.key }.map(\.value)
    }
    /// Whether `tools` or `functions` is a list that holds something.
    public internal(set) var declaresTools = false
    /// Bytes of `tools`, `functions` and `response_format`, which count towards the request's tokens.
    public internal(set) var schemaBytes = 0
    /// `max_completion_tokens`, else `max_tokens`.
    public var maxTokens: Int? { maxCompletionTokens ?? maxTokensOld }
    /// `stream_options.include_usage`.
    public internal(set) var includeUsage = false
    /// `memory`, nil where it is absent.
    public internal(set) var memory: MemoryMember?

    /// By rank, the lowest counts first; most requests have none.
    var idsByRank: [Int: String] = [:]
    var maxCompletionTokens: Int?
    var maxTokensOld: Int?

    init() {}
}
