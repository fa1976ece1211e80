public import NIOCore

extension AssembledReply {
    /// A choice as the assistant message that is sent back to a model: no reasoning, and `extra_content` as
    /// it came.
    public func message(for choice: AssembledChoice) -> ByteBuffer {
        var output = ByteBuffer()
        output.writeString(#"{"role":"assistant","content":"#)
        let spoken = choice.text.isEmpty ? choice.audioTranscript : choice.text
        if spoken.isEmpty, choice.callsTools || !choice.refusal.isEmpty {
            output.writeString("null")
        } else {
            output.writeJSONString(spoken)
        }
        if !choice.refusal.isEmpty {
            output.writeString(#","refusal":"#)
            output.writeJSONString(choice.refusal)
        }
        if !choice.toolCalls.isEmpty {
            output.writeString(#","tool_calls":["#)
            for (index, call) in choice.toolCalls.enumerated() {
                if index > 0 { output.writeString(",") }
                output.writeToolCall(call)
            }
            output.writeString("]")
        }
        if let call = choice.functionCall {
            output.writeString(#","function_call":"#)
            output.writeFunction(name: call.name, argumentsMember: "arguments", call.arguments)
        }
        output.writeString("}")
        return output
    }
}

extension ByteBuffer {
    fileprivate mutating func writeToolCall(_ call: AssembledToolCall) {
        writeString("{")
        if let id = call.id {
            writeString(#""id":"#)
            writeJSONString(id)
            writeString(",")
        }
        writeString(call.isCustom ? #""type":"custom","custom":"# : #""type":"function","function":"#)
        writeFunction(name: call.name, argumentsMember: call.isCustom ? "input" : "arguments", call.arguments)
        if let extra = call.extraContent {
            writeString(#","extra_content":"#)
            writeImmutableBuffer(extra)
        }
        writeString("}")
    }

    fileprivate mutating func writeFunction(name: String, argumentsMember: String, _ arguments: String) {
        writeString(#"{"name":"#)
        writeJSONString(name)
        writeString(#",""# + argumentsMember + #"":"#)
        writeJSONString(arguments)
        writeString("}")
    }
}
