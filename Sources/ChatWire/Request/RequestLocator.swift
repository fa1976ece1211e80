import JSONBytes

/// Walks a request body once. Faults of JSON are thrown; faults of meaning are noted, the first one counts,
/// so that a body that is no JSON is called so first.
struct RequestLocator {
    /// The members that may stand once, as they are called on the wire.
    private enum SingleMember: UInt8 {
        case messages, model, stream, n, user, tools, memory
    }

    let limits: RequestLimits
    var cursor: JSONCursor
    /// The first fault of meaning.
    private(set) var fault: ChatRequestError?
    var members = RequestMembers()
    var messages: [LocatedMessage] = []
    /// Right behind the `[` of `messages`, nil where there is no such list.
    var listStart: Int?
    /// The bytes that `memory` takes with it.
    private(set) var memoryRemoval: Range<Int>?
    private var seen: UInt8 = 0

    init(limits: RequestLimits) {
        self.limits = limits
        cursor = JSONCursor(maxDepth: limits.depth)
    }

    /// Notes a fault of meaning.
    mutating func note(_ code: ChatRequestError.Code, _ member: String?, _ message: String) {
        if fault == nil { fault = ChatRequestError(code, member: member, message) }
    }

    /// Reads the whole body.
    mutating func readBody(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        cursor.skipWhitespace(in: bytes)
        if cursor.peek(in: bytes) == UInt8(ascii: "{") {
            try readObject(bytes)
        } else {
            try cursor.skipValue(in: bytes)
            note(.notAnObject, nil, "The body must be a JSON object with a list \"messages\".")
        }
        try cursor.expectEnd(in: bytes)
    }

    private mutating func readObject(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        try cursor.beginObject(in: bytes)
        var previousEnd: Int?
        var pendingRemoval: Range<Int>?
        while let name = try cursor.nextMember(in: bytes) {
            if let pending = pendingRemoval {
                // A member follows: what goes reaches to its name and takes the comma between.
                memoryRemoval = pending.lowerBound..<name.range.lowerBound
                pendingRemoval = nil
            }
            let key = name.name(in: bytes)
            try readMember(key, bytes)
            if key == "memory" { pendingRemoval = name.range.lowerBound..<cursor.offset }
            if pendingRemoval == nil { previousEnd = cursor.offset }
        }
        if let pending = pendingRemoval {
            // It is the last one: the comma before it goes, where there is one.
            memoryRemoval = (previousEnd ?? pending.lowerBound)..<pending.upperBound
        }
    }

    private mutating func readMember(_ key: JSONName, _ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        let start = cursor.offset
        switch key {
        case "messages" where isFirst(.messages):
            try readMessages(bytes)
        case "model" where isFirst(.model):
            members.model = try cursor.readText(in: bytes)
        case "stream" where isFirst(.stream):
            members.stream = try cursor.readBoolean(in: bytes) ?? false
        case "n" where isFirst(.n):
            members.choices = max(1, try cursor.readWholeNumber(in: bytes) ?? 1)
        case "user" where isFirst(.user):
            members.user = try cursor.readText(in: bytes)
        case "safety_identifier":
            members.safetyIdentifier = try cursor.readText(in: bytes)
        case "metadata":
            try readMetadata(bytes)
        case "tools" where isFirst(.tools), "functions":
            if try cursor.readFilledContainer(UInt8(ascii: "["), in: bytes) != nil {
                members.declaresTools = true
            }
            members.schemaBytes += cursor.offset - start
        case "response_format":
            try cursor.skipValue(in: bytes)
            members.schemaBytes += cursor.offset - start
        case "max_tokens":
            members.maxTokensOld = try cursor.readWholeNumber(in: bytes)
        case "max_completion_tokens":
            members.maxCompletionTokens = try cursor.readWholeNumber(in: bytes)
        case "stream_options":
            try readStreamOptions(bytes)
        case "memory" where isFirst(.memory):
            try readMemory(bytes)
        default:
            guard let place = Self.conversationPlace(key) else { return try cursor.skipValue(in: bytes) }
            members.idsByRank[4 + place] = try cursor.readText(in: bytes)
        }
    }

    /// Which of the four names of a conversation's id a member has; those of `metadata` rank first.
    private static func conversationPlace(_ key: JSONName) -> Int? {
        switch key {
        case "session_id": 0
        case "conversation_id": 1
        case "chat_id": 2
        case "thread_id": 3
        default: nil
        }
    }

    /// Whether a member that may stand once is seen for the first time; notes the fault where it is not.
    private mutating func isFirst(_ member: SingleMember) -> Bool {
        let bit = UInt8(1) << member.rawValue
        if seen & bit == 0 {
            seen |= bit
            return true
        }
        note(
            .duplicateMember, "\(member)",
            "The body has a second member \"\(member)\": send it once, so that everyone reads the same.")
        return false
    }

    private mutating func readMetadata(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else { return try cursor.skipValue(in: bytes) }
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            let key = name.name(in: bytes)
            if key == "user_id" {
                members.metadataUser = try cursor.readText(in: bytes)
            } else if let place = Self.conversationPlace(key) {
                members.idsByRank[place] = try cursor.readText(in: bytes)
            } else {
                try cursor.skipValue(in: bytes)
            }
        }
    }

    private mutating func readStreamOptions(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else { return try cursor.skipValue(in: bytes) }
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            if name.name(in: bytes) == "include_usage" {
                members.includeUsage = try cursor.readBoolean(in: bytes) ?? false
            } else {
                try cursor.skipValue(in: bytes)
            }
        }
    }
}
