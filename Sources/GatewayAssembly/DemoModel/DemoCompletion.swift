internal import JSONBytes

/// One answer of the demo model in the wire's two forms.
struct DemoCompletion {
    let text: String
    let promptTokens: Int

    private var completionTokens: Int { text.utf8.count / 4 + 1 }

    /// The plain form.
    func body() -> [UInt8] {
        frame("chat.completion") { writer in
            writer.member("choices") { writer in
                writer.array { writer in
                    writer.object { writer in
                        writer.member("index", 0)
                        writer.member("message") { writer in
                            writer.object { writer in
                                writer.member("role", "assistant")
                                writer.member("content", text)
                            }
                        }
                        writer.member("finish_reason", "stop")
                    }
                }
            }
            usage(&writer)
        }
    }

    /// The streamed form: an event a word, the finishing event, usage where it is asked for, `[DONE]`.
    func events(withUsage: Bool) -> [[UInt8]] {
        var events = [event { $0.member("role", "assistant") }]
        for word in pieces() { events.append(event { $0.member("content", word) }) }
        events.append(event(finishReason: "stop") { _ in })
        if withUsage {
            events.append(
                Self.event(
                    frame("chat.completion.chunk") { writer in
                        writer.member("choices") { $0.array { _ in } }
                        usage(&writer)
                    }))
        }
        events.append(Self.event(Array("[DONE]".utf8)))
        return events
    }

    private func pieces() -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            guard character == " " || !character.isASCII else { continue }
            pieces.append(piece)
            piece = ""
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }

    private func event(finishReason: String? = nil, _ delta: (inout JSONWriter) -> Void) -> [UInt8] {
        let json = frame("chat.completion.chunk") { writer in
            writer.member("choices") { writer in
                writer.array { writer in
                    writer.object { writer in
                        writer.member("index", 0)
                        writer.member("delta") { $0.object(delta) }
                        writer.member("finish_reason") { writer in
                            if let finishReason { writer.string(finishReason) } else { writer.null() }
                        }
                    }
                }
            }
        }
        return Self.event(json)
    }

    private static func event(_ data: [UInt8]) -> [UInt8] {
        Array("data: ".utf8) + data + Array("\n\n".utf8)
    }

    private func frame(_ object: String, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", "chatcmpl-demo")
            writer.member("object", object)
            writer.member("created", 0)
            writer.member("model", DemoModel.name)
            members(&writer)
        }
        return writer.bytes
    }

    private func usage(_ writer: inout JSONWriter) {
        writer.member("usage") { writer in
            writer.object { writer in
                writer.member("prompt_tokens", promptTokens)
                writer.member("completion_tokens", completionTokens)
                writer.member("total_tokens", promptTokens + completionTokens)
            }
        }
    }
}
