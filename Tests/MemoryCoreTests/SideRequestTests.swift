import ChatWire
import MemoryCore
import NIOCore
import Testing

@Suite("Side requests by their words")
struct SideRequestTests {
    private static func body(_ role: String, _ text: String) -> ByteBuffer {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return ByteBuffer(string: #"{"role":"\#(role)","content":"\#(escaped)"}"#)
    }

    private static func outline(_ messages: (Role, String)...) -> RequestOutline {
        RequestOutline(
            messages.map { role, text in
                RequestOutline.Message(role: role, body: body("\(role)", text), callsTools: false)
            })
    }

    private static let history =
        "### Chat History:\n<chat_history>\nUSER: hi\nASSISTANT: hello\n</chat_history>"

    static let known: [(String, String)] = [
        (
            "open-webui title",
            "### Task:\nFind a title.\n### Output:\nJSON: { \"title\": \"it\" }\n\(history)"
        ),
        ("open-webui tags", "### Task:\nFind tags.\n### Output:\nJSON: { \"tags\": [\"a\"] }\n\(history)"),
        ("open-webui follow-ups", "### Task:\nSuggest.\nJSON: { \"follow_ups\": [\"Why?\"] }\n\(history)"),
        ("open-webui queries", "### Task:\nAnalyze.\nJSON: { \"queries\": [] }\n\(history)"),
        ("open-webui image prompt", "### Task:\nDescribe the image.\n{ \"prompt\": \"a\" }\n\(history)"),
        (
            "open-webui autocompletion",
            "### Task:\nYou are an autocompletion system.\n{ \"text\": \"a\" }\n<text>Hel</text>"
        ),
        ("open-webui emoji", "Your task is to reflect the speaker's likely facial look by a fitting emoji."),
        (
            "open-webui merge",
            "You have been provided with a set of responses from various models. Please synthesize them."
        ),
        (
            "librechat title",
            "Provide a concise, 5-word-or-less title for it, using title case. Only return the title itself.\n\nUser: x"
        ),
        (
            "librechat title",
            "Analyze this conversation and provide:\n1. The detected language\n2. A title\n\nUser: x"
        ),
        ("librechat title", "Please generate a concise, 5-word-or-less title for it, using title case."),
    ]

    @Test("a prompt that shows every sign of a row is one, behind a system message too", arguments: known)
    func side(name: String, text: String) {
        #expect(SideRequest.kind(of: Self.outline((.user, text))) == name)
        #expect(SideRequest.kind(of: Self.outline((.system, "Be brief."), (.user, text))) == name)
        #expect(SideRequest.kind(of: Self.outline((.user, "hi"), (.user, text))) == name)
    }

    @Test("the same words within a conversation, or before its question, are conversation", arguments: known)
    func conversation(name: String, text: String) {
        #expect(SideRequest.kind(of: Self.outline((.user, "a"), (.assistant, "b"), (.user, text))) == nil)
        #expect(SideRequest.kind(of: Self.outline((.user, text), (.user, "And you?"))) == nil)
        #expect(SideRequest.kind(of: Self.outline((.user, text), (.assistant, "b"))) == nil)
        #expect(SideRequest.kind(of: Self.outline((.user, "Translate: " + text))) == nil)
    }

    static let people = [
        // Open WebUI's document template: a real turn.
        "### Task:\nRespond to the query using the provided context.\n<context>\"title\"</context>\nWhat is it?",
        "### Task:\nWrite me a poem with a \"title\".",
        "Provide a concise, 5-word-or-less title for my essay about bees.",
        "Analyze this conversation and provide: a verdict.",
        "Your task is to reflect the speaker's likely facial expression in prose.",
        "Please give this conversation a title.", "", "<chat_history> \"title\"",
    ]

    @Test("what a person could write is conversation", arguments: people)
    func person(text: String) {
        #expect(SideRequest.kind(of: Self.outline((.user, text))) == nil)
    }

    @Test("a request without messages, or of many, is none")
    func bounds() {
        let title = Self.known[0].1
        #expect(SideRequest.kind(of: Self.outline()) == nil)
        let many = Self.outline((.user, "a"), (.user, "b"), (.user, "c"), (.user, title))
        #expect(SideRequest.kind(of: many) == nil)
    }
}
