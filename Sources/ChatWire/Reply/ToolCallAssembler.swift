import JSONBytes
import NIOCore

/// Puts the tool calls of one choice together, however their pieces were cut.
struct ToolCallAssembler: Sendable {
    /// A call under way.
    struct Call: Sendable {
        var index: Int?
        var id: [UInt8] = []
        var name: [UInt8] = []
        var arguments: [UInt8] = []
        var isCustom = false
        var extraContent: ByteBuffer?

        /// The call as far as it has come.
        var assembled: AssembledToolCall {
            AssembledToolCall(
                id: id.isEmpty ? nil : String(decoding: id, as: UTF8.self),
                name: String(decoding: name, as: UTF8.self),
                arguments: String(decoding: arguments, as: UTF8.self),
                isCustom: isCustom, extraContent: extraContent)
        }
    }

    private var calls: [Call] = []

    /// The calls by their indexes, those without one first and in order.
    var assembled: [AssembledToolCall] {
        calls.enumerated()
            .sorted { ($0.element.index ?? -1, $0.offset) < ($1.element.index ?? -1, $1.offset) }
            .map(\.element.assembled)
    }

    /// Takes the value of `tool_calls` under the cursor.
    ///
    /// - Returns: whether it brought a piece of a call.
    mutating func add(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        guard cursor.peek(in: bytes) == UInt8(ascii: "[") else {
            try cursor.skipValue(in: bytes)
            return false
        }
        var hasContent = false
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                try cursor.skipValue(in: bytes)
                continue
            }
            let delta = try Delta(&cursor, in: bytes)
            hasContent = true
            guard let place = place(of: delta, bytes, &budget) else { continue }
            calls[place].add(delta, bytes, &budget)
        }
        return hasContent
    }

    /// The call that a delta goes on with, or a new one; nil where there is no room for a new one.
    private mutating func place(
        of delta: Delta, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) -> Int? {
        if let place = continued(by: delta, bytes) { return place }
        guard budget.take(KeepingBudget.frame) else { return nil }
        calls.append(Call(index: delta.index))
        return calls.count - 1
    }

    /// By index, else by id, else the last call. A name together with another id begins a new call under the
    /// same index (Gemini sends index 0 for all); another id alone does not (some servers make one up for
    /// each piece).
    private func continued(by delta: Delta, _ bytes: Span<UInt8>) -> Int? {
        let id = delta.id.map { string in
            var id: [UInt8] = []
            string.append(to: &id, in: bytes)
            return id
        }
        if let index = delta.index {
            guard let place = calls.lastIndex(where: { $0.index == index }) else { return nil }
            let isAnother =
                id != nil && delta.name != nil && !calls[place].id.isEmpty && calls[place].id != id
            return isAnother ? nil : place
        }
        if let id { return calls.firstIndex { $0.id == id } }
        guard let last = calls.last, delta.name == nil || last.name.isEmpty else { return nil }
        return calls.count - 1
    }
}
