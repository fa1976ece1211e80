import ChatWire
import Testing
import UpstreamClient

@testable import CurlUpstream

@Suite("Header lines as curl hands them over")
struct HeaderLinesTests {
    private func heads(_ lines: [String]) -> [UpstreamReplyHead] {
        var collected = HeaderLines()
        return lines.compactMap { collected.receive(Array($0.utf8).span) }
    }

    @Test("A head ends at its empty line, fields in order, repeated and empty ones kept")
    func plain() throws {
        let found = heads(["HTTP/1.1 201 Made it\r\n", "A: 1\r\n", "b:\t2 \r\n", "A:\r\n", "\r\n"])
        let head = try #require(found.first)
        #expect(found.count == 1)
        #expect(head.status == 201 && head.reason == "Made it")
        #expect(head.headers.pairs.map { "\($0.0)=\($0.1)" } == ["A=1", "b=2", "A="])
    }

    @Test("Interim replies are passed over, trailers too")
    func interim() throws {
        let found = heads([
            "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 100 Continue\r\n", "\r\n",
            "HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n", "Trailer-Field: t\r\n", "\r\n",
        ])
        #expect(found.map(\.status) == [200])
        #expect(found[0].headers.pairs.map(\.0) == ["A"])
    }

    @Test("A head that a proxy's head preceded begins anew")
    func proxy() {
        let found = heads([
            "HTTP/1.1 200 Connected\r\n", "Via: p\r\n", "HTTP/1.1 404 No\r\n", "A: 1\r\n", "\r\n",
        ])
        #expect(found.map(\.status) == [404])
        #expect(found[0].headers.pairs.map(\.0) == ["A"])
    }

    @Test("A missing reason, bare line feeds, lines without a name, bytes that are no UTF-8")
    func odd() throws {
        var collected = HeaderLines()
        for line in ["HTTP/1.0 200\n", ": x\n", "nothing\n"] {
            let head = collected.receive(Array(line.utf8).span)
            #expect(head == nil)
        }
        _ = collected.receive([0x41, 0x3A, 0xE9, 0x0A].span)
        let finished = collected.receive([0x0A].span)
        let head = try #require(finished)
        #expect(head.status == 200 && head.reason.isEmpty)
        #expect(head.headers.pairs.map { "\($0.0)=\($0.1)" } == ["A=\u{FFFD}"])
    }
}
