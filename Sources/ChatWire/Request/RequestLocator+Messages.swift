import JSONBytes

extension RequestLocator {
    /// Reads `messages`.
    mutating func readMessages(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard cursor.peek(in: bytes) == UInt8(ascii: "[") else {
            note(
                .invalidMessages, "messages", "\"messages\" must be a list of objects with a string \"role\"."
            )
            return try cursor.skipValue(in: bytes)
        }
        try cursor.beginArray(in: bytes)
        listStart = cursor.offset
        while try cursor.nextElement(in: bytes) {
            try readMessage(bytes)
        }
    }

    private mutating func readMessage(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        let index = messages.count
        guard index < limits.messages else {
            note(
                .tooManyMessages, "messages",
                "\"messages\" holds more than \(limits.messages) messages: send the newest ones only.")
            return try cursor.skipValue(in: bytes)
        }
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            note(.invalidMessages, "messages[\(index)]", "\"messages[\(index)]\" must be an object.")
            return try cursor.skipValue(in: bytes)
        }
        let message = try LocatedMessage(&cursor, in: bytes)
        if !message.hasRole {
            note(
                .invalidMessages, "messages[\(index)].role",
                "\"messages[\(index)].role\" must be a string: system, developer, user, assistant or tool.")
        }
        messages.append(message)
    }
}
