public import NIOCore

extension AssembledChoice {
    /// The choice as the assistant message that is sent back to a model: a JSON object without reasoning,
    /// with each call's `extra_content` as it came. `content` is null where there are only calls or a
    /// refusal.
    public func message() -> ByteBuffer {
        var output = ByteBuffer()
        output.writeString(#"{"role":"assistant","content":"#)
        let spoken = text.isEmpty ? audioTranscript : text
        if spoken.isEmpty, callsTools || !refusal.isEmpty {
            output.writeString("null")
        } else {
            output.writeJSONString(spoken)
        }
        if !refusal.isEmpty {
            output.writeString(#","refusal":"#)
            output.writeJSONString(refusal)
        }
        if !toolCalls.isEmpty {
            output.writeString(#","tool_calls":["#)
            for (index, call) in toolCalls.enumerated() {
                if index > 0 { output.writeString(",") }
                output.writeToolCall(call)
            }
            output.writeString("]")
        }
        if let call = functionCall {
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
