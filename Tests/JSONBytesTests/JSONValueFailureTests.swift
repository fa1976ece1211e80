import JSONBytes
import Testing

@Suite("JSON value tree, refused texts")
struct JSONValueFailureTests {
    typealias Code = JSONTreeParser.Failure.Code

    struct Refusal: Sendable {
        let text: [UInt8]
        let code: Code
        let offset: Int
        /// `line:column found | allowed`
        let message: String

        init(_ text: String, _ code: Code, _ offset: Int, _ message: String) {
            self.init(Array(text.utf8), code, offset, message)
        }

        init(_ text: [UInt8], _ code: Code, _ offset: Int, _ message: String) {
            self.text = text
            self.code = code
            self.offset = offset
            self.message = message
        }
    }

    static let refusals: [Refusal] = [
        Refusal("", .unexpected, 0, "1:1 the end of the text | a value"),
        Refusal(" \n ", .unexpected, 3, "2:2 the end of the text | a value"),
        Refusal("{", .unexpected, 1, #"1:2 the end of the text | a name in quotes or "}""#),
        Refusal("{\"a\":1,}", .unexpected, 7, #"1:8 "}" | a name in quotes"#),
        Refusal("{a:1}", .unexpected, 1, #"1:2 "a" | a name in quotes or "}""#),
        Refusal("{\"a\" 1}", .unexpected, 5, #"1:6 "1" | ":""#),
        Refusal("{\"a\":}", .unexpected, 5, #"1:6 "}" | a value"#),
        Refusal("{\"a\":1 \"b\":2}", .unexpected, 7, #"1:8 """ | "," or "}""#),
        Refusal("[1,]", .unexpected, 3, #"1:4 "]" | a value"#),
        Refusal("[1 2]", .unexpected, 3, #"1:4 "2" | "," or "]""#),
        Refusal("[,1]", .unexpected, 1, #"1:2 "," | a value or "]""#),
        Refusal("1 2", .unexpected, 2, #"1:3 "2" | the end of the text"#),
        Refusal("// no\n1", .unexpected, 0, #"1:1 "/" | a value"#),
        Refusal("nul", .unexpected, 0, #"1:1 "nul" | a value"#),
        Refusal("[True]", .unexpected, 1, #"1:2 "True" | a value or "]""#),
        Refusal("'a'", .unexpected, 0, #"1:1 "'" | a value"#),
        Refusal("é", .unexpected, 0, "1:1 a character outside ASCII | a value"),
        Refusal([0x00], .unexpected, 0, "1:1 the control character U+0000 | a value"),
        Refusal("\u{FEFF}1", .unexpected, 0, "1:1 a byte order mark | UTF-8 without one"),
        Refusal("01", .number, 1, "1:2 a digit behind a leading zero | no leading zeros"),
        Refusal("-", .number, 1, "1:2 the end of the text | a digit"),
        Refusal("1.", .number, 2, "1:3 the end of the text | a digit"),
        Refusal("[1.e5]", .number, 3, #"1:4 "e" | a digit"#),
        Refusal("1e+x", .number, 3, #"1:4 "x" | a digit"#),
        Refusal("+1", .unexpected, 0, #"1:1 "+" | a value"#),
        Refusal(".5", .unexpected, 0, #"1:1 "." | a value"#),
        Refusal("\"a", .unexpected, 2, "1:3 the end of the text | the string's closing quote"),
        Refusal(
            "\"é\n\"", .controlCharacter, 3,
            "1:3 the control character U+000A in a string | its escape"),
        Refusal(
            #""\x""#, .escape, 2,
            #"1:3 "x" | one of " \ / b f n r t u behind a backslash"#),
        Refusal(#""\u12G4""#, .escape, 5, #"1:6 "G" | four hexadecimal digits"#),
        Refusal(
            #""\uD83D""#, .escape, 3, "1:4 half a surrogate pair | both halves"),
        Refusal(
            #""\uDE00\uD83D""#, .escape, 3, "1:4 half a surrogate pair | both halves"),
        Refusal(
            #""\uD83D\u0041""#, .escape, 3, "1:4 half a surrogate pair | both halves"),
    ]

    @Test(arguments: refusals)
    func `A faulty text is refused with place, found and allowed`(refusal: Refusal) throws {
        let failure = #expect(throws: JSONTreeParser.Failure.self) { try JSONTreeParser.parse(refusal.text) }
        #expect(failure?.code == refusal.code)
        #expect(failure?.offset == refusal.offset)
        let position = failure.map { "line \($0.position.line), column \($0.position.column)" } ?? ""
        let parts = failure.map { "\($0.position) \($0.found) | \($0.allowed)" }
        #expect(parts == refusal.message)
        #expect(failure?.description.hasPrefix(position + ": found ") == true)
    }

    /// Overlong forms, surrogates, beyond U+10FFFF, lone continuation bytes, cut characters.
    static let notUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
        [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x28, 0x80],
    ]

    @Test(arguments: notUTF8)
    func `Bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for text in [[quote] + bytes + [quote], [quote] + bytes] {
            let failure = #expect(throws: JSONTreeParser.Failure.self) { try JSONTreeParser.parse(text) }
            #expect(failure?.code == .encoding)
            #expect(failure?.offset == 1)
        }
    }

    @Test func `Every proper prefix of a text is refused at its end or before`() {
        let text = Array(#"{"a":[1.5e-3,"x\u00e9é",true,null],"b":{"c":false}}"#.utf8)
        for length in 0..<text.count {
            let failure = #expect(throws: JSONTreeParser.Failure.self) {
                try JSONTreeParser.parse(Array(text[..<length]))
            }
            #expect((failure?.offset ?? .max) <= length)
        }
    }
}
