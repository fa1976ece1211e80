public import ChatWire
internal import JSONBytes
public import NIOCore

/// Where what is added to a request goes: the standing block, the window, the note behind the newest
/// question.
public struct ContextLayout: Sendable {
    /// Messages to add.
    public private(set) var insertions: [ChatRequest.Insertion] = []
    /// Texts to put beside the client's own.
    public private(set) var texts: [TextInsertion] = []

    /// A layout.
    ///
    /// - Parameters:
    ///   - standing: the standing block in its fence, nil for none.
    ///   - window: recorded messages, oldest first.
    ///   - note: in its fence, nil for none; left out where the newest question takes no text.
    public init(
        _ request: ChatRequest, standing: String?, window: [ByteBuffer], note: String?, placement: Placement
    ) {
        let leading = Self.leading(request)
        var window = window
        if let standing {
            switch placement {
            case .merge: merge(standing, request, leading)
            case .system: insert(standing, request, leading)
            case .user: putBeforeFirstUser(standing, request, leading, &window)
            }
        }
        insertions.append(ChatRequest.Insertion(before: leading, window))
        if let note, let last = request.messages.lastIndex(where: { $0.role == .user }),
            request.messages[last].takesText
        {
            texts.append(TextInsertion(note, .behind, of: last))
        }
    }

    /// How many system and developer messages lead a request.
    public static func leading(_ request: ChatRequest) -> Int {
        request.messages.prefix { $0.role == .system || $0.role == .developer }.count
    }

    /// Estimated tokens that a standing block takes besides its text: those of a message, where it is one of
    /// its own. With placement `user` it is one only where no user message takes text.
    public static func standingFrame(_ request: ChatRequest, _ placement: Placement) -> Int {
        let leading = leading(request)
        let isMerged = leading > 0 && request.messages[leading - 1].takesText
        return switch placement {
        case .merge: isMerged ? 0 : TokenEstimate.perMessage
        case .system: TokenEstimate.perMessage
        case .user:
            request.messages.contains { $0.role == .user && $0.takesText } ? 0 : TokenEstimate.perMessage
        }
    }

    private mutating func merge(_ standing: String, _ request: ChatRequest, _ leading: Int) {
        guard leading > 0, request.messages[leading - 1].takesText else {
            return insert(standing, request, leading)
        }
        texts.append(TextInsertion(standing, .behind, of: leading - 1))
    }

    /// A message of our own, in the role that the client gives to its own instructions.
    private mutating func insert(_ standing: String, _ request: ChatRequest, _ leading: Int) {
        let isDeveloper = leading > 0 && request.messages[leading - 1].role == .developer
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("role", isDeveloper ? "developer" : "system")
            writer.member("content", standing)
        }
        insertions.append(ChatRequest.Insertion(before: leading, [ByteBuffer(bytes: writer.bytes)]))
    }

    private mutating func putBeforeFirstUser(
        _ standing: String, _ request: ChatRequest, _ leading: Int, _ window: inout [ByteBuffer]
    ) {
        if let first = window.first {
            guard let merged = LocatedMessage.putting(standing, .before, of: first) else {
                return insert(standing, request, leading)
            }
            window[0] = merged
        } else if let first = request.messages.firstIndex(where: { $0.role == .user && $0.takesText }) {
            texts.append(TextInsertion(standing, .before, of: first))
        } else {
            insert(standing, request, leading)
        }
    }
}
