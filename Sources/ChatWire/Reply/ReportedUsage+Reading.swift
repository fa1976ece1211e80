import JSONBytes

extension ReportedUsage {
    /// Reads the value under the cursor and passes it; nil where it is no object that holds something.
    init?(_ cursor: inout JSONCursor, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            try cursor.skipValue(in: bytes)
            return nil
        }
        self.init()
        var isEmpty = true
        var details: Int?
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            isEmpty = false
            switch name.name(in: bytes) {
            case "prompt_tokens": prompt = try cursor.readWholeNumber(in: bytes) ?? 0
            case "completion_tokens": completion = try cursor.readWholeNumber(in: bytes) ?? 0
            case "prompt_cache_hit_tokens": cached = try cursor.readWholeNumber(in: bytes) ?? 0
            case "prompt_tokens_details": details = try cursor.readObjectStart(in: bytes)
            default: try cursor.skipValue(in: bytes)
            }
        }
        if isEmpty { return nil }
        guard let details else { return }
        var inside = JSONCursor(at: details, text: .lenient)
        try inside.beginObject(in: bytes)
        while let name = try inside.nextMember(in: bytes) {
            let isCached = name.name(in: bytes) == "cached_tokens"
            if let count = try inside.readWholeNumber(in: bytes), isCached { cached = count }
        }
    }
}
