import ChatWire
import MemoryCore
import NIOCore

/// Messages and rounds of tests, told by role and text.
enum Turns {
    /// The fence of whoever speaks in tests.
    static let fence = MemoryFence(mark: "0123abcd", language: .en)

    static let call =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":"#
        + #"{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]}"#

    static func body(_ role: Role, _ text: String) -> ByteBuffer {
        role == .assistant && text == "CALL"
            ? ByteBuffer(string: call) : ByteBuffer(string: #"{"role":"\#(role)","content":"\#(text)"}"#)
    }

    /// A request of messages like `.user, "hi"`; the text `CALL` makes an assistant message that calls a
    /// tool.
    static func request(history: ClientHistory = .shown, _ messages: (Role, String)...) -> RequestOutline {
        RequestOutline(
            messages.map { role, text in
                RequestOutline.Message(role: role, body: body(role, text), callsTools: text == "CALL")
            }, history: history)
    }

    /// A recorded round.
    static func turn(
        _ round: Int, _ messages: [(Role, String)], tokens: Int = 10, status: MessageStatus = .complete
    ) -> StoredTurn {
        let stored = messages.enumerated().map { index, entry in
            StoredTurn.Message(
                node: UInt64(round * 100 + index), index: index, role: entry.0,
                status: index == messages.count - 1 ? status : .complete, callsTools: entry.1 == "CALL",
                tokens: tokens, body: body(entry.0, entry.1))
        }
        return StoredTurn(round: round, messages: stored)
    }
}
