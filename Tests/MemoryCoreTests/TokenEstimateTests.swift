import MemoryCore
import NIOCore
import Testing

@Suite("Tokens are estimated by bytes and scripts")
struct TokenEstimateTests {
    private func quarters(_ text: String) -> Int {
        TokenEstimate.quarters(of: ByteBuffer(string: text).readableBytesUInt8Span)
    }

    @Test(
        "A wide character is a token, another byte a quarter",
        arguments: [
            ("", 0), ("abcd", 4), ("abcdefghi", 9), ("é", 2), ("你好", 8), ("かな", 8), ("한글", 8), ("（！", 8),
            ("😀", 4), ("𠀀", 4), ("€", 3), ("abcdefgh你abcdefgh", 20), ("abcdefg你好好好好好好好好", 43),
        ])
    func texts(text: String, expected: Int) {
        #expect(quarters(text) == expected)
    }

    @Test("Eight bytes at a time say the same as one at a time", arguments: 0..<40)
    func alignment(count: Int) {
        for wide in ["", "你", "é", "😀"] {
            let text = String(repeating: "a", count: count) + wide + String(repeating: "b", count: count)
            #expect(quarters(text) == 2 * count + quarters(wide))
        }
    }

    @Test("Broken UTF-8 counts by its bytes")
    func broken() {
        let bytes = ByteBuffer(bytes: [0x61, 0xFF, 0xE4, 0xBD])
        #expect(TokenEstimate.quarters(of: bytes.readableBytesUInt8Span) == 4)
    }

    @Test(
        "A message costs its frame, its text, its calls and its attachments",
        arguments: [
            (#"{"role":"user","content":"abcdefgh"}"#, 6),
            (#"{"role":"user","content":"\u4f60\n"}"#, 6),
            (
                #"{"role":"user","content":[{"type":"text","text":"abcd"},{"type":"image_url","image_url":{}}]}"#,
                261
            ),
            (#"{"role":"assistant","content":null,"tool_calls":[{"id":"t"}]}"#, 7),
            ("no JSON at all!!", 8),
        ])
    func messages(message: String, expected: Int) {
        #expect(TokenEstimate.tokens(of: ByteBuffer(string: message)) == expected)
    }
}
