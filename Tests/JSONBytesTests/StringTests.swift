import JSONBytes
import Testing

@Suite("Strings found in JSON text")
struct StringTests {
    @Test(
        "Escapes are decoded, also in pieces",
        arguments: [
            (#""plain""#, "plain"), (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0000\u00e9\u4E16x""#, "\u{0}é世x"), (#""\ud83d\ude00\uD83D\uDE00""#, "😀😀"),
            (#""a\ud800b""#, "a\u{FFFD}b"), (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
            (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud800\n""#, "\u{FFFD}\n"),
            (
                #""long enough for a word \\ and \u00e9 and 世界 on""#,
                "long enough for a word \\ and é and 世界 on"
            ),
        ])
    func decoding(_ json: String, _ text: String) throws {
        let bytes = Array(json.utf8)
        var cursor = JSONCursor()
        let string = try cursor.skipString(in: bytes.span)
        #expect(cursor.offset == bytes.count)
        #expect(string.range == 0..<bytes.count)
        #expect(string.hasEscapes == json.contains("\\"))
        #expect(string.text(in: bytes.span) == text)
        var pieces: [UInt8] = []
        string.forEachPiece(in: bytes.span) { pieces.append($0, 0..<$0.count) }
        #expect(pieces == Array(text.utf8))
        var whole: [UInt8] = []
        let isExact = string.append(to: &whole, in: bytes.span)
        #expect(isExact == !text.contains("\u{FFFD}"))
    }

    @Test(
        "Names are equal where their texts are",
        arguments: [
            "", "n", "id", "delta", "messages", "messages2", "max_completion_tokens",
            "exactly_twenty_four_byte",
        ])
    func names(_ text: String) throws {
        for behind in ["", ":1,2,3,4,5,6,7,8,9,10,11,12,13"] {
            let bytes = Array("\"\(text)\"\(behind)".utf8)
            var cursor = JSONCursor()
            let string = try cursor.skipString(in: bytes.span)
            #expect(string.name(in: bytes.span) == JSONName(text))
            #expect(string.name(in: bytes.span) != JSONName(text + "x"))
        }
        let escaped = Array(("\"" + text.utf8.map { "\\u00" + String($0, radix: 16) }.joined() + "\"").utf8)
        var cursor = JSONCursor()
        let string = try cursor.skipString(in: escaped.span)
        #expect(string.name(in: escaped.span) == JSONName(text))
    }

    @Test("Names that differ in one byte differ", arguments: 0..<24)
    func differentNames(_ place: Int) {
        var bytes = Array("abcdefghijklmnopqrstuvwx".utf8)
        let original = JSONName(bytes.span, 0..<24)
        bytes[place] = UInt8(ascii: "_")
        #expect(JSONName(bytes.span, 0..<24) != original)
        #expect(JSONName(bytes.span, 0..<place) != JSONName(bytes.span, 0..<24))
    }

    @Test("Names over 24 bytes equal nothing, not even themselves")
    func longNames() {
        let name = JSONName("this_name_is_longer_than_24_bytes")
        let same = JSONName("this_name_is_longer_than_24_bytes")
        #expect(name != same)
    }
}
