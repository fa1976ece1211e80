import JSONBytes
import Testing

@Suite("JSON writer")
struct JSONValueWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `Objects and arrays nest with their commas`() {
        let json = text { writer in
            writer.object {
                $0.member("error") {
                    $0.object {
                        $0.member("code", "invalid_mode")
                        $0.member("param") { $0.null() }
                    }
                }
                $0.member("list") {
                    $0.array {
                        $0.integer(UInt64.max)
                        $0.number(0.1)
                        $0.array { _ in }
                        $0.object { _ in }
                        $0.bool(false)
                    }
                }
                $0.member("count", -3)
                $0.member("open", true)
                $0.member("raw") { $0.raw("[1 , 2]".utf8) }
            }
        }
        let expected =
            #"{"error":{"code":"invalid_mode","param":null},"list":[18446744073709551615,0.1,[],{},false],"#
            + #""count":-3,"open":true,"raw":[1 , 2]}"#
        #expect(json == expected)
    }

    @Test func `Every scalar below U+0100 and some above come back as they were`() throws {
        let scalars = (0..<0x100).compactMap(Unicode.Scalar.init(_:)) + ["中", "😀", "\u{2028}", "\u{10FFFF}"]
        let original = String(String.UnicodeScalarView(scalars))
        let json = text { $0.string(original) }
        #expect(try JSONTreeParser.parse(Array(json.utf8)).string == original)
    }

    @Test func `Only what must be escaped is`() {
        #expect(
            text { $0.string("a/é\"\\\n\r\t\u{1}\u{1F}\u{7F}") } == #""a/é\"\\\n\r\t\u0001\u001f"#
                + "\u{7F}\"")
    }

    @Test func `The inside of a string is escaped without quotes`() {
        var bytes = Array("\"x".utf8)
        JSONWriter.appendEscaped(utf8: "\n\"".utf8, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #""x\n\""#)
    }

    @Test func `A writer goes on behind bytes that are there`() {
        var writer = JSONWriter(appendingTo: Array("data: ".utf8))
        writer.object { $0.member("a", 1) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"data: {"a":1}"#)
    }

    @Test(arguments: [1e300, .leastNonzeroMagnitude, -0.0, 1e21, 123456789.125])
    func `Doubles are spelled as JSON and read back the same`(value: Double) throws {
        let json = text { $0.number(value) }
        guard case .number(let spelling) = try JSONTreeParser.parse(Array(json.utf8)).content else {
            Issue.record("no number: \(json)")
            return
        }
        #expect(Double(spelling) == value)
    }
}
