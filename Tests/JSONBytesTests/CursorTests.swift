import JSONBytes
import Testing

@Suite("The JSON cursor")
struct CursorTests {
    @Test(
        "Valid texts pass",
        arguments: [
            "0", "-0", "1", "-1.5e+10", "1E5", "10.25", "true", "false", "null", "\"\"", "[]", "{}", " [ ] ",
            "\t{\n}\r",
            "[1,2,3]", "[ 1 , [ ] , { } ]", "{\"a\":1,\"a\":2}", "{\"\":null}",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Ff\"",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\u{7F}\"", "\"é世😀\"", "\"0123456\\n89abcdef\"",
        ])
    func valid(_ text: String) throws {
        try JSONCursor.validate(Array(text.utf8).span)
    }

    @Test(
        "Faults are named with their place",
        arguments: [
            ("", JSONSyntaxError.Code.unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
            ("{", .unexpectedEnd, 1), ("\"", .unexpectedEnd, 1), ("\"\\", .unexpectedEnd, 2),
            ("\"\\u00", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("{\"a\"", .unexpectedEnd, 4),
            ("[1 2]", .unexpectedByte, 3), ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
            ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{\"a\":1,}", .unexpectedByte, 7),
            ("{\"a\":1 \"b\":2}", .unexpectedByte, 7), ("[1}", .unexpectedByte, 2),
            ("{]", .unexpectedByte, 1),
            ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("True", .unexpectedByte, 0),
            ("nul1", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0), ("/**/1", .unexpectedByte, 0),
            ("\u{FEFF}1", .unexpectedByte, 0), ("\u{B}1", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("-a", .invalidNumber, 1),
            ("1.a", .invalidNumber, 2),
            ("1e+a", .invalidNumber, 3), ("\"\n\"", .controlCharacter, 1),
            ("\"abcdefgh\u{0}\"", .controlCharacter, 9),
            ("\"\\x\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 1),
            ("\"abcdefgh\\u12G4abcd\"", .invalidEscape, 9),
            ("1 1", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("[] \u{0}", .trailingBytes, 3),
        ])
    func faults(_ text: String, _ code: JSONSyntaxError.Code, _ offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONCursor.validate(Array(text.utf8).span) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }
}
