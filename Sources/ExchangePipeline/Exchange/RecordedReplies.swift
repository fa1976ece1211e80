internal import ChatWire
internal import MemoryCore

/// How an exchange ended, as the store keeps it: the rules of what is complete, failed, incomplete or
/// disconnected.
struct RecordedReplies {
    /// How it ended.
    var outcome = ExchangeOutcome.failed
    /// How its question is marked.
    var questionStatus = MessageStatus.failed
    /// One message per choice that said something.
    var replies: [NewMessage] = []
    /// What failed, in words.
    var failure: String?

    /// - Parameters:
    ///   - reply: what was assembled of the reply; nil where there was nothing to assemble.
    ///   - status: the upstream's status code; nil where none came.
    init(_ reply: AssembledReply?, _ cause: RelayMachine.RecordCause, status: Int?) {
        guard let status else {
            if cause == .disconnected { markDisconnected() }
            return
        }
        guard (200..<300).contains(status), let reply else {
            failure = "the upstream answered with status \(status)"
            if cause == .disconnected { markDisconnected() }
            return
        }
        replies = Self.messages(of: reply)
        failure = reply.error?.message
        judge(reply, cause)
    }

    private mutating func judge(_ reply: AssembledReply, _ cause: RelayMachine.RecordCause) {
        if cause == .disconnected {
            markDisconnected()
        } else if reply.error == nil, cause != .cut, reply.isComplete, !replies.isEmpty {
            outcome = .recorded
            questionStatus = .complete
            // A reply that is longer than is kept was relayed whole, but it cannot be replayed.
            if reply.degraded != nil { setStatus(.incomplete) }
        } else {
            outcome = replies.isEmpty ? .failed : .incomplete
            setStatus(.incomplete)
            failure = failure ?? "the reply ended without a finish reason"
        }
    }

    private mutating func markDisconnected() {
        outcome = .disconnected
        questionStatus = replies.isEmpty ? .disconnected : .complete
        setStatus(.disconnected)
    }

    private mutating func setStatus(_ status: MessageStatus) {
        for index in replies.indices { replies[index].status = status }
    }

    private static func messages(of reply: AssembledReply) -> [NewMessage] {
        var messages: [NewMessage] = []
        for choice in reply.choices where choice.hasContent || choice.finishReason != nil {
            let body = choice.message()
            var message = NewMessage(role: .assistant, body: body, tokens: TokenEstimate.tokens(of: body))
            message.choice = choice.index
            message.reasoning = choice.reasoning.isEmpty ? nil : choice.reasoning
            message.callsTools = choice.callsTools
            message.model = reply.model
            message.finishReason = choice.finishReason
            if messages.isEmpty {
                message.usage = reply.usage.map {
                    TokenUsage(prompt: $0.prompt, completion: $0.completion, cached: $0.cached)
                }
            }
            messages.append(message)
        }
        return messages
    }
}
