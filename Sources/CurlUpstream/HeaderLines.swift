internal import ChatWire
internal import UpstreamClient

/// Collects the header lines that curl hands over one by one, 1xx replies and trailers among them.
struct HeaderLines {
    private enum State {
        case awaitingStatus
        case fields(status: Int, reason: String)
        case finished
    }

    private var state = State.awaitingStatus
    private var fields: [(String, String)] = []

    /// Takes one line, its line end included.
    ///
    /// - Returns: the head, when this line ends that of the final reply.
    mutating func receive(_ line: Span<UInt8>) -> UpstreamReplyHead? {
        let end = Self.lengthWithoutLineEnd(line)
        switch state {
        case .finished:
            return nil
        case .awaitingStatus:
            startHead(line, end)
            return nil
        case .fields(let status, let reason):
            if end == 0 { return finishHead(status, reason) }
            if Self.isStatusLine(line, end) { startHead(line, end) } else { addField(line, end) }
            return nil
        }
    }

    private mutating func finishHead(_ status: Int, _ reason: String) -> UpstreamReplyHead? {
        guard status >= 200 else {
            state = .awaitingStatus
            return nil
        }
        state = .finished
        defer { fields = [] }
        return UpstreamReplyHead(status: status, reason: reason, headers: HeaderFields(fields))
    }

    /// `HTTP/1.1 200 OK`: three digits behind the first space, the rest is the reason.
    private mutating func startHead(_ line: Span<UInt8>, _ end: Int) {
        guard Self.isStatusLine(line, end) else { return }
        fields = []
        var at = 5
        while at < end, line[at] != 0x20 { at += 1 }
        var status = 0
        at += 1
        while at < end, line[at] >= 0x30, line[at] <= 0x39, status < 1000 {
            status = status * 10 + Int(line[at] - 0x30)
            at += 1
        }
        state = .fields(status: status, reason: Self.text(line, min(at + 1, end), end))
    }

    private mutating func addField(_ line: Span<UInt8>, _ end: Int) {
        var colon = 0
        while colon < end, line[colon] != 0x3A { colon += 1 }
        guard colon > 0, colon < end else { return }
        var from = colon + 1
        var to = end
        while from < to, line[from] == 0x20 || line[from] == 0x09 { from += 1 }
        while to > from, line[to - 1] == 0x20 || line[to - 1] == 0x09 { to -= 1 }
        fields.append((Self.text(line, 0, colon), Self.text(line, from, to)))
    }

    private static func isStatusLine(_ line: Span<UInt8>, _ end: Int) -> Bool {
        end > 5 && line[0] == 0x48 && line[1] == 0x54 && line[2] == 0x54 && line[3] == 0x50 && line[4] == 0x2F
    }

    private static func lengthWithoutLineEnd(_ line: Span<UInt8>) -> Int {
        var end = line.count
        while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
        return end
    }

    private static func text(_ line: Span<UInt8>, _ from: Int, _ to: Int) -> String {
        let bytes = line.extracting(from..<to)
        if let text = try? UTF8Span(validating: bytes) { return String(copying: text) }
        return String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
    }
}
