import ChatWire
import NIOCore
import Testing

@Suite("The model at the beginning of a body")
struct ModelPeekTests {
    private func first(_ body: String, upTo count: Int) -> ModelPeek.Finding {
        var peek = ModelPeek()
        return peek.look(at: ByteBuffer(bytes: Array(body.utf8.prefix(count))), isWhole: false)
    }

    @Test("is found as soon as its value is there, never before and never another")
    func everyBeginning() {
        let body = #"{"input":{"model":"no"},"x":[1,"\u007d"],"model":"gpt-\u00e4","n":1}"#
        let end = body.utf8.count - #","n":1}"#.utf8.count
        for count in 0..<end { #expect(first(body, upTo: count) == .undecided, "\(count)") }
        for count in end...body.utf8.count {
            #expect(first(body, upTo: count) == .model("gpt-ä"), "\(count)")
        }
    }

    @Test(
        "is none where a whole body names none",
        arguments: [#"{"a":1}"#, "{", "[]", "", "x", #"{"model":1}"#])
    func none(body: String) {
        var peek = ModelPeek()
        #expect(peek.look(at: ByteBuffer(string: body), isWhole: true) == .model(nil))
    }

    @Test("is looked for again only when there is twice as much, and not for ever")
    func bounds() {
        var peek = ModelPeek()
        var body = ByteBuffer(string: #"{"input":"aaaaaaa"#)
        var finding = peek.look(at: body, isWhole: false)
        #expect(finding == .undecided)
        body.writeString(#"","model":"m""#)
        finding = peek.look(at: body, isWhole: false)
        #expect(finding == .undecided, "not twice as much yet")
        body.writeString(#","more":"aaaaaaaaaaaaa"#)
        finding = peek.look(at: body, isWhole: false)
        #expect(finding == .model("m"))

        var long = ModelPeek()
        let endless = ByteBuffer(string: #"{"input":""# + String(repeating: "a", count: ModelPeek.limit))
        finding = long.look(at: endless, isWhole: false)
        #expect(finding == .model(nil))
    }
}
