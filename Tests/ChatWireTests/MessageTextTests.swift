import ChatWire
import NIOCore
import Testing

@Suite("What a message says")
struct MessageTextTests {
    @Test(
        "Text of strings and of parts is decoded and joined",
        arguments: [
            (#"{"role":"user","content":"a\nb"}"#, "a\nb"), (#"{"role":"user","content":null}"#, ""),
            (#"{"role":"user"}"#, ""), (#"{"role":"user","content":7}"#, ""),
            (#"{"role":"user","content":[]}"#, ""),
            (#"{"content":[{"type":"text","text":"a"},{"text":"\ud83d\ude00","type":"text"}]}"#, "a😀"),
            (#"{"content":["plain",{"type":"input_text","text":"b"},5,{"text":"c"}]}"#, "plainbc"),
            (#"{"content":[{"type":"refusal","refusal":"no"}]}"#, "no"),
            (#" {"content":"\ud800","role":"user"} "#, "\u{FFFD}"), ("no message", ""), ("[]", ""),
        ])
    func text(_ message: String, _ text: String) {
        #expect(String(decoding: MessageText.bytes(of: ByteBuffer(string: message)), as: UTF8.self) == text)
    }

    @Test("Parts that are no text are counted by kind")
    func parts() throws {
        let message = ByteBuffer(
            string:
                #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},"#
                + #"{"type":"input_image"},{"type":"input_audio","input_audio":{}},{"type":"file","file":{}},"#
                + #"{"type":"text","text":"x"},{"type":"video_url"},{}]}"#)
        let located = try LocatedMessage(in: message)
        let found = MessageText.forEachPiece(of: located, in: message.readableBytesUInt8Span) { _ in }
        #expect(found.images == 2)
        #expect(found.audios == 1)
        #expect(found.files == 1)
        #expect(found.others == 2)
    }
}
