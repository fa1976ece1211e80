import JSONBytes
import Testing

@Suite("JSON value tree")
struct JSONValueTreeTests {
    private func tree(_ text: String) throws -> JSONValue {
        try JSONTreeParser.parse(Array(text.utf8))
    }

    /// The tree written again: what reading kept.
    private func rewritten(_ text: String) throws -> String {
        var writer = JSONWriter()
        writer.value(try tree(text))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `Member order, duplicates and the spelling of numbers are kept`() throws {
        let text = #"{"b":1.50,"a":[1e3,-0,0.0E+1],"b":true,"n":null,"e":{},"l":[],"f":false}"#
        #expect(try rewritten(text) == text)
    }

    @Test func `Escapes are decoded, pairs joined`() throws {
        let value = try tree(#""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00 😀""#)
        #expect(value.string == "\"\\/\u{8}\u{C}\n\r\tAé😀 😀")
    }

    @Test func `Each node knows its bytes, line and column`() throws {
        let text = "{\n  \"é\": [1,\r\n\t\"😀\", {\"x\": true}]\n}"
        let root = try tree(text)
        let member = try #require(root.members?.first)
        #expect(member.position == .init(line: 2, column: 3))
        #expect(member.value.position == JSONValue.Position(line: 2, column: 8))
        let list = try #require(root["é"]?.elements)
        #expect(list.map(\.position.description) == ["2:9", "3:2", "3:7"])
        let bytes = Array(text.utf8)
        let spelled = list.map { String(decoding: bytes[$0.range], as: UTF8.self) }
        #expect(spelled == ["1", "\"😀\"", "{\"x\": true}"])
        #expect(root.range == 0..<bytes.count)
    }

    @Test func `The first of duplicate members is the one that is found by name`() throws {
        let value = try tree(#"{"a":"one","a":"two"}"#)
        #expect(value["a"]?.string == "one")
        #expect(value["b"] == nil)
        #expect(try tree("[1]")["a"] == nil)
    }

    @Test func `The depth limit holds exactly`() throws {
        let three = Array("[[[1]]]".utf8)
        #expect(throws: Never.self) { try JSONTreeParser.parse(three, depthLimit: 3) }
        let failure = #expect(throws: JSONTreeParser.Failure.self) {
            try JSONTreeParser.parse(three, depthLimit: 2)
        }
        #expect(failure?.code == .tooDeep)
        #expect(failure?.offset == 2)
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 2_000_000)
        #expect(throws: JSONTreeParser.Failure.self) { try JSONTreeParser.parse(bomb, depthLimit: 1000) }
    }

    @Test func `Siblings do not count as depth`() throws {
        let text = "[" + Array(repeating: "[]", count: 500).joined(separator: ",") + "]"
        #expect(try JSONTreeParser.parse(Array(text.utf8), depthLimit: 2).elements?.count == 500)
    }
}
