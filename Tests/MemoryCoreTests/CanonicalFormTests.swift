import ChatWire
import JSONBytes
import MemoryCore
import NIOCore
import Testing

@Suite("The form in which messages are compared")
struct CanonicalFormTests {
    private static func body(_ role: Role, _ content: String) -> ByteBuffer {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("role", "\(role)")
            writer.member("content", content)
        }
        return ByteBuffer(bytes: writer.bytes)
    }

    private static func areSame(_ left: ByteBuffer, _ right: ByteBuffer, _ role: Role) -> Bool {
        CanonicalForm(left, role: role, fence: Turns.fence)
            == CanonicalForm(right, role: role, fence: Turns.fence)
    }

    @Test(
        "White space, composition and our own blocks make no difference",
        arguments: [
            ("a b", " a\n\tb \u{3000}"), ("a b", "a\u{2009}\u{A0}b"), ("caf\u{E9}", "cafe\u{301}"),
            ("", " \n "), ("你好 世界", "你好\u{3000}世界"),
            ("question", "question\n\n" + Turns.fence.around("a note")),
            ("question", Turns.fence.around("known") + "\n\nquestion"),
        ])
    func same(left: String, right: String) {
        #expect(Self.areSame(Self.body(.user, left), Self.body(.user, right), .user))
    }

    @Test(
        "Words, case and what others fence do",
        arguments: [
            ("ab", "a b"), ("a", "A"), ("a", "a."),
            ("q", "q " + MemoryFence(mark: "ffffffff", language: .en).around("n")),
            ("a\u{200B}b", "a b"),
        ])
    func different(left: String, right: String) {
        #expect(!Self.areSame(Self.body(.user, left), Self.body(.user, right), .user))
    }

    @Test("Parts are joined, and marks on them do not count")
    func parts() {
        let parts = ByteBuffer(
            string: #"{"role":"user","content":[{"type":"text","text":"one ","cache_control":{"type":"x"}},"#
                + #"{"type":"text","text":"two"}]}"#)
        #expect(Self.areSame(parts, Self.body(.user, "one two"), .user))
    }

    @Test(
        "Of replies, reasoning and special tokens do not count; of questions they do",
        arguments: [
            "<think>let me see</think>\n\nParis.", "> let me see\n> more\n\nParis.", "Paris.<|im_end|>",
            " Paris.\n",
        ])
    func replies(text: String) {
        #expect(Self.areSame(Self.body(.assistant, text), Self.body(.assistant, "Paris."), .assistant))
        let isPlain = text.allSatisfy { $0 != "<" && $0 != ">" }
        #expect(Self.areSame(Self.body(.user, text), Self.body(.user, "Paris."), .user) == isPlain)
    }

    @Test("Tool calls count by name and arguments, in whatever order these are written, not by their ids")
    func calls() {
        func call(_ id: String, _ name: String, _ arguments: String) -> ByteBuffer {
            var escaped: [UInt8] = []
            JSONWriter.appendString(arguments, to: &escaped)
            return ByteBuffer(
                string: #"{"role":"assistant","content":null,"tool_calls":[{"id":"\#(id)","type":"function","#
                    + #""function":{"name":"\#(name)","arguments":\#(String(decoding: escaped, as: UTF8.self))}}]}"#
            )
        }
        let first = call("1", "f", #"{"a":1,"b":[2,{"c":"x"}]}"#)
        #expect(Self.areSame(first, call("2", "f", #"{ "b" : [2.0, {"c":"\u0078"}], "a" : 1 }"#), .assistant))
        #expect(!Self.areSame(first, call("1", "g", #"{"a":1,"b":[2,{"c":"x"}]}"#), .assistant))
        #expect(!Self.areSame(first, call("1", "f", #"{"a":1,"b":[{"c":"x"},2]}"#), .assistant))
        #expect(Self.areSame(call("1", "f", "not  json"), call("1", "f", "not json"), .assistant))
    }
}
