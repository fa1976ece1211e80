import NIOCore

/// Builds event streams for tests and remembers where each piece begins.
struct Stream {
    private(set) var text = ""

    /// The offset at which the next piece will begin.
    var offset: Int { text.utf8.count }

    /// The stream's bytes.
    var body: ByteBuffer { ByteBuffer(string: text) }

    /// Appends raw text and answers where it begins.
    @discardableResult
    mutating func raw(_ piece: String) -> Int {
        defer { text += piece }
        return offset
    }

    /// Appends an event and answers where it begins.
    @discardableResult
    mutating func event(_ data: String) -> Int {
        raw("data: \(data)\n\n")
    }

    /// Appends a chunk with one choice.
    @discardableResult
    mutating func delta(_ delta: String, finish: String? = nil, index: Int = 0, usage: String? = nil) -> Int {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        let tail = usage.map { ",\"usage\":\($0)" } ?? ""
        return event(
            #"{"choices":[{"index":\#(index),"delta":\#(delta),"finish_reason":\#(reason)}]\#(tail)}"#)
    }

    /// Appends a text delta.
    @discardableResult
    mutating func text(_ piece: String, finish: String? = nil, index: Int = 0, usage: String? = nil) -> Int {
        delta(#"{"content":"\#(piece)"}"#, finish: finish, index: index, usage: usage)
    }
}
