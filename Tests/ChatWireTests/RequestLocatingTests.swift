import ChatWire
import JSONBytes
import NIOCore
import Testing

@Suite("Locating a request body's members")
struct RequestLocatingTests {
    @Test("Everything memory needs is found in a plain chat request")
    func plainRequest() throws {
        let request = try chat(
            """
            {"model":"m","messages":[{"role":"system","content":"S"},{"content":[{"type":"text","text":"a"}],
            "role":"user","name":"anna"}],"stream":true,"n":2,"user":"u","tools":[{}],"max_tokens":7,
            "max_completion_tokens":9,"stream_options":{"include_usage":true},
            "response_format":{"type":"text"}}
            """)
        #expect(request.members.model == "m")
        #expect(request.members.stream)
        #expect(request.members.choices == 2)
        #expect(request.members.user == "u")
        #expect(request.members.declaresTools)
        #expect(request.members.maxTokens == 9)
        #expect(request.members.includeUsage)
        #expect(request.members.schemaBytes == 4 + 15)
        #expect(request.members.memory == nil)
        #expect(request.messages.map(\.role) == [.system, .user])
        #expect(String(buffer: request.bytes(of: request.messages[0])) == #"{"role":"system","content":"S"}"#)
        let name = try #require(request.messages[1].name)
        #expect(String(buffer: request.bytes(in: name.range)) == #""anna""#)
        guard case .parts(let parts) = request.messages[1].content else {
            Issue.record("content is not a list")
            return
        }
        #expect(String(buffer: request.bytes(in: parts)) == #"[{"type":"text","text":"a"}]"#)
    }

    @Test("Defaults hold where members are absent or of another type")
    func defaults() throws {
        let request = try chat(
            #"{"messages":[],"model":5,"stream":"yes","n":"2","user":{"id":"x"},"tools":[ ],"functions":{}}"#)
        #expect(request.members.model == nil)
        #expect(!request.members.stream)
        #expect(request.members.choices == 1)
        #expect(request.members.user == nil)
        #expect(!request.members.declaresTools)
        #expect(request.members.maxTokens == nil)
    }

    @Test(
        "A whole number may be written with a fraction or an exponent",
        arguments: ["3", "3.0", "30e-1", "0.3e1"])
    func wholeNumbers(_ spelling: String) throws {
        #expect(try chat(#"{"messages":[],"n":\#(spelling)}"#).members.choices == 3)
    }

    @Test(
        "Members that tell how a turn goes on are found",
        arguments: [
            (#"{"role":"assistant","tool_calls":[{"id":"a"}]}"#, true),
            (#"{"role":"assistant","tool_calls":[]}"#, false),
            (#"{"role":"assistant","tool_calls":null}"#, false),
            (#"{"role":"assistant","function_call":{"name":"f"}}"#, true),
            (#"{"role":"assistant","content":null}"#, false),
        ])
    func toolCalls(_ message: String, _ callsTools: Bool) throws {
        let request = try chat(#"{"messages":[\#(message)]}"#)
        #expect(request.messages[0].callsTools == callsTools)
    }

    @Test("Kinds of content are told apart")
    func contentKinds() throws {
        let request = try chat(
            #"{"messages":[{"role":"user","content":"a\n"},{"role":"user","content":null},{"role":"user"},"#
                + #"{"role":"user","content":5},{"role":"tool","tool_call_id":"c1","content":""}]}"#)
        guard case .string(let text) = request.messages[0].content else {
            Issue.record("content is not a string")
            return
        }
        #expect(text.hasEscapes)
        #expect(request.messages[1].content == .null)
        #expect(request.messages[2].content == .absent)
        guard case .other = request.messages[3].content else {
            Issue.record("a number is called something else")
            return
        }
        let id = try #require(request.messages[4].toolCallID)
        #expect(String(buffer: request.bytes(in: id.content)) == "c1")
    }

    @Test("Names are compared by what they stand for, not by their spelling")
    func escapedNames() throws {
        let request = try chat(#"{"mess\u0061ges":[{"r\u006fle":"\u0075ser"}],"\u006dodel":"\u006d"}"#)
        #expect(request.members.model == "m")
        #expect(request.messages.map(\.role) == [.user])
    }

    @Test("An object without messages passes, its other members are located")
    func withoutMessages() throws {
        let located = try ChatRequest.locate(
            in: ByteBuffer(string: #"{"model":"m","stream":true,"prompt":"x"}"#))
        guard case .other(let envelope) = located else {
            Issue.record("taken for a chat request")
            return
        }
        #expect(envelope.members.model == "m")
        #expect(envelope.members.stream)
        #expect(String(buffer: envelope.forwardedBody()) == #"{"model":"m","stream":true,"prompt":"x"}"#)
    }

    @Test("A body behind other bytes in its buffer is located by its own offsets")
    func shiftedBuffer() throws {
        var buffer = ByteBuffer(string: #"skip{"messages":[{"role":"user","content":"é"}],"memory":{}}"#)
        buffer.moveReaderIndex(forwardBy: 4)
        guard case .chat(let request) = try ChatRequest.locate(in: buffer) else {
            Issue.record("not a chat request")
            return
        }
        #expect(String(buffer: request.bytes(of: request.messages[0])) == #"{"role":"user","content":"é"}"#)
        let addition = ChatRequest.Insertion(before: 0, [ByteBuffer(string: "{}")])
        let spliced = request.spliced(inserting: [addition])
        #expect(String(buffer: spliced) == #"{"messages":[{},{"role":"user","content":"é"}]}"#)
    }

    @Test(
        "A faulty body is refused with the member's name",
        arguments: [
            ("", ChatRequestError.Code.invalidJSON, nil),
            ("{", .invalidJSON, nil),
            (#"{"messages":[]} x"#, .invalidJSON, nil),
            (#"{"messages":[],}"#, .invalidJSON, nil),
            ("[]", .notAnObject, nil),
            ("null", .notAnObject, nil),
            (#"{"messages":5}"#, .invalidMessages, "messages"),
            (#"{"messages":null}"#, .invalidMessages, "messages"),
            (#"{"messages":[5]}"#, .invalidMessages, "messages[0]"),
            (#"{"messages":[{"role":"user"},{}]}"#, .invalidMessages, "messages[1].role"),
            (#"{"messages":[{"role":5}]}"#, .invalidMessages, "messages[0].role"),
            (#"{"messages":[],"messages":[]}"#, .duplicateMember, "messages"),
            (#"{"messages":[],"m\u0065ssages":[]}"#, .duplicateMember, "messages"),
            (#"{"model":"a","messages":[],"model":"a"}"#, .duplicateMember, "model"),
            (#"{"stream":true,"str\u0065am":false}"#, .duplicateMember, "stream"),
            (#"{"n":1,"n":1,"messages":[]}"#, .duplicateMember, "n"),
            (#"{"user":"a","user":"b","messages":[]}"#, .duplicateMember, "user"),
            (#"{"tools":[],"tools":[],"messages":[]}"#, .duplicateMember, "tools"),
            (#"{"memory":{},"messages":[],"memory":{}}"#, .duplicateMember, "memory"),
            (#"{"memory":{"session":"a","session":"b"}}"#, .duplicateMember, "memory.session"),
            (#"{"memory":null}"#, .invalidMember, "memory"),
            (#"{"memory":{"session":5}}"#, .invalidMember, "memory.session"),
            (#"{"memory":{"user":null}}"#, .invalidMember, "memory.user"),
            (#"{"memory":{"mode":[]}}"#, .invalidMember, "memory.mode"),
            (#"{"memory":{"vars":"x"}}"#, .invalidMember, "memory.vars"),
            (#"{"memory":{"passive":1}}"#, .invalidMember, "memory.passive"),
            (#"{"memory":{"window":1.5}}"#, .invalidMember, "memory.window"),
            (#"{"memory":{"session":""}}"#, .invalidID, "memory.session"),
            (#"{"memory":{"user":"a\u0000b"}}"#, .invalidID, "memory.user"),
            (#"{"memory":{"user":"a\u007fb"}}"#, .invalidID, "memory.user"),
            (#"{"memory":{"chat":"\ud800"}}"#, .invalidID, "memory.chat"),
            (#"{"memory":{"chat":"\#(String(repeating: "x", count: 257))"}}"#, .invalidID, "memory.chat"),
        ])
    func faults(_ body: String, _ code: ChatRequestError.Code, _ member: String?) {
        let error = #expect(throws: ChatRequestError.self) {
            try ChatRequest.locate(in: ByteBuffer(string: body))
        }
        #expect(error?.code == code)
        #expect(error?.member == member)
        #expect(error?.status == 400)
        #expect(error?.message.isEmpty == false)
    }

    @Test("Other duplicates stay")
    func harmlessDuplicates() throws {
        let body = #"{"messages":[{"role":"user","role":"assistant"}],"seed":1,"seed":2}"#
        let request = try chat(body)
        #expect(String(buffer: request.spliced()) == body)
        #expect(request.messages[0].role == .assistant)
    }

    @Test("The private member is decoded")
    func memoryMember() throws {
        let id = String(repeating: "é", count: 128)
        let body = """
            {"memory":{"session":"s\\u00e9","user":"\(id)","chat":"c","mode":"read","policy":"p",
            "task":"title","state":"idle","vars":{"a":[1]},"passive":true,"reset":false,"clear":false,"window":20,"odd":1},
            "messages":[]}
            """
        let request = try chat(body)
        let memory = try #require(request.members.memory)
        #expect(memory.session == "sé")
        #expect(memory.user == id)
        #expect(memory.chat == "c")
        #expect(memory.mode == "read")
        #expect(memory.policy == "p")
        #expect(memory.task == "title")
        #expect(memory.state == "idle")
        #expect(memory.passive == true)
        #expect(memory.reset == false)
        #expect(memory.clear == false)
        #expect(memory.window == 20)
        #expect(memory.unknown == ["odd"])
        let vars = try #require(memory.vars)
        #expect(String(buffer: request.bytes(in: vars)) == #"{"a":[1]}"#)
    }

    @Test("Nesting is allowed up to the limit and not beyond", arguments: [2, 16, 128, 1024])
    func depth(_ limit: Int) throws {
        var limits = RequestLimits()
        limits.depth = limit
        func body(_ depth: Int) -> ByteBuffer {
            let inner = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
            return ByteBuffer(string: "{\"x\":\(inner),\"messages\":[]}")
        }
        _ = try ChatRequest.locate(in: body(limit), limits: limits)
        let error = #expect(throws: ChatRequestError.self) {
            try ChatRequest.locate(in: body(limit + 1), limits: limits)
        }
        #expect(error?.code == .tooDeep)
        #expect(error?.message.contains("\(limit) levels") == true)
    }

    @Test("A million open brackets are refused, not followed")
    func depthBomb() {
        let bomb = ByteBuffer(string: #"{"messages":"# + String(repeating: "[", count: 1_000_000))
        let error = #expect(throws: ChatRequestError.self) { try ChatRequest.locate(in: bomb) }
        #expect(error?.code == .tooDeep)
    }

    @Test("Messages over the limit are 413")
    func tooManyMessages() throws {
        func body(_ count: Int) -> ByteBuffer {
            let messages = Array(repeating: #"{"role":"user"}"#, count: count).joined(separator: ",")
            return ByteBuffer(string: "{\"messages\":[\(messages)]}")
        }
        guard case .chat(let request) = try ChatRequest.locate(in: body(10_000)) else {
            Issue.record("not a chat request")
            return
        }
        #expect(request.messages.count == 10_000)
        let error = #expect(throws: ChatRequestError.self) { try ChatRequest.locate(in: body(10_001)) }
        #expect(error?.code == .tooManyMessages)
        #expect(error?.status == 413)
    }

    private func chat(_ body: String) throws -> ChatRequest {
        guard case .chat(let request) = try ChatRequest.locate(in: ByteBuffer(string: body)) else {
            throw NotAChat()
        }
        return request
    }

    private struct NotAChat: Error {}
}
