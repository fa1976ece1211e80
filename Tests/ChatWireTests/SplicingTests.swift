import ChatWire
import NIOCore
import Testing

@Suite("Splicing a request body")
struct SplicingTests {
    @Test(
        "Memory goes from every place and leaves JSON",
        arguments: [
            (#"{"memory":{},"messages":[]}"#, #"{"messages":[]}"#),
            (#"{"messages":[],"memory":{}}"#, #"{"messages":[]}"#),
            (#"{"messages":[],"memory":{"session":"}"},"a":1}"#, #"{"messages":[],"a":1}"#),
            ("{ \"memory\" : {} , \"messages\" : [] }", "{ \"messages\" : [] }"),
            ("{ \"messages\" : [] , \"memory\" : {} }", "{ \"messages\" : [] }"),
            (
                "{\n  \"messages\": [],\n  \"memory\": {},\n  \"a\": 1\n}",
                "{\n  \"messages\": [],\n  \"a\": 1\n}"
            ),
            ("{\n  \"messages\": [],\n  \"memory\": {}\n}", "{\n  \"messages\": []\n}"),
            (#"{"messages":[],"m\u0065mory":{},"z":0}"#, #"{"messages":[],"z":0}"#),
        ])
    func removal(_ body: String, _ expected: String) throws {
        let request = try chat(body)
        #expect(String(buffer: request.spliced()) == expected)
        #expect(String(buffer: request.envelope.forwardedBody()) == expected)
    }

    @Test("Memory that stands alone leaves an empty object")
    func onlyMemory() throws {
        let located = try ChatRequest.locate(in: ByteBuffer(string: #"{ "memory": {"mode":"off"} }"#))
        #expect(String(buffer: located.envelope.forwardedBody()) == "{  }")
    }

    @Test(
        "Messages are added in front, between, behind, and into an empty list",
        arguments: [
            (#"{"messages":[]}"#, 0, #"{"messages":[A,B]}"#),
            (#"{"messages":[ ]}"#, 0, #"{"messages":[A,B ]}"#),
            (#"{"messages":[ {"role":"x"} ]}"#, 0, #"{"messages":[ A,B,{"role":"x"} ]}"#),
            (#"{"messages":[ {"role":"x"} ]}"#, 1, #"{"messages":[ {"role":"x"},A,B ]}"#),
            (
                #"{"messages":[{"role":"x"} , {"role":"y"}]}"#, 1,
                #"{"messages":[{"role":"x"} , A,B,{"role":"y"}]}"#
            ),
        ])
    func insertion(_ body: String, _ index: Int, _ expected: String) throws {
        let request = try chat(body)
        let spliced = request.spliced(inserting: [.init(before: index, [bytes("A"), bytes("B")])])
        #expect(String(buffer: spliced) == expected)
    }

    @Test("Several insertions keep their order, also beside a removal")
    func manyInsertions() throws {
        let request = try chat(#"{"memory":{},"messages":[{"role":"x"},{"role":"y"}],"a":1}"#)
        let spliced = request.spliced(inserting: [
            .init(before: 2, [bytes("D")]), .init(before: 0, [bytes("A")]), .init(before: 1, []),
            .init(before: 0, [bytes("B")]), .init(before: 1, [bytes("C")]),
        ])
        #expect(String(buffer: spliced) == #"{"messages":[A,B,{"role":"x"},C,{"role":"y"},D],"a":1}"#)
        let behind = try chat(#"{"messages":[],"memory":{}}"#)
        let filled = behind.spliced(inserting: [
            .init(before: 0, [bytes("A")]), .init(before: 0, [bytes("B")]),
        ])
        #expect(String(buffer: filled) == #"{"messages":[A,B]}"#)
    }

    @Test("Where nothing changes the client's own storage goes on")
    func untouched() throws {
        let body = ByteBuffer(string: #" { "messages" : [ ] , "x" : 1.0 } "#)
        guard case .chat(let request) = try ChatRequest.locate(in: body) else {
            Issue.record("not a chat request")
            return
        }
        let same = request.spliced(inserting: [.init(before: 0, [])])
        let isIdentical = same.readableBytesSpan.isIdentical(to: body.readableBytesSpan)
        #expect(isIdentical)
    }

    private func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    private func chat(_ body: String) throws -> ChatRequest {
        guard case .chat(let request) = try ChatRequest.locate(in: ByteBuffer(string: body)) else {
            throw NotAChat()
        }
        return request
    }

    private struct NotAChat: Error {}
}
