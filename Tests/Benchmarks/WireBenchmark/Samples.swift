import NIOCore

/// The scripts that texts come in on the wire.
enum SampleText: CaseIterable {
    /// English.
    case ascii
    /// Chinese as UTF-8.
    case chinese
    /// Chinese as `\u` escapes, as Python's `json.dumps` writes it.
    case escapedChinese

    var title: String {
        switch self {
        case .ascii: "ASCII"
        case .chinese: "Chinese"
        case .escapedChinese: "Chinese, \\u"
        }
    }

    /// A sentence, ready to stand in a JSON string.
    var sentence: String {
        switch self {
        case .ascii:
            #"The quick brown fox said \"no\" to the lazy dog.\nThen it went home and slept till noon. "#
        case .chinese: "敏捷的棕色狐狸对懒狗说了不，然后回家一直睡到中午，醒来以后又喝了一杯茶。"
        case .escapedChinese: Self.escaped(Self.chinese.sentence)
        }
    }

    /// A few characters, as one delta brings them.
    var word: String {
        switch self {
        case .ascii: " quick"
        case .chinese: "敏捷"
        case .escapedChinese: Self.escaped("敏捷")
        }
    }

    private static func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

/// A chat request of about a given size: a system message and turns of some 600 bytes.
enum SampleRequest {
    static func body(of size: Int, _ script: SampleText) -> ByteBuffer {
        var body = #"{"model":"example-model","temperature":0.7,"stream":true,"messages":["#
        body += #"{"role":"system","content":"You are a helpful assistant."}"#
        var isUser = true
        while body.utf8.count < size - 700 {
            var text = ""
            while text.utf8.count < 500 { text += script.sentence }
            body += #",{"role":"\#(isUser ? "user" : "assistant")","content":"\#(text)"}"#
            isUser.toggle()
        }
        var text = ""
        while body.utf8.count + text.utf8.count < size - 60 { text += script.sentence }
        body += #",{"role":"user","content":"\#(text)"}],"max_tokens":512}"#
        return ByteBuffer(string: body)
    }
}

/// A streamed reply as OpenAI frames it.
struct SampleStream {
    let deltas: [ByteBuffer]

    init(deltas count: Int, script: SampleText) {
        deltas = (0..<count).map { _ in
            ByteBuffer(
                string: #"data: {"id":"chatcmpl-CQx1","object":"chat.completion.chunk","created":1763700000,"#
                    + #""model":"example-model-2026","service_tier":"auto","system_fingerprint":"fp_44709d6fcb","#
                    + #""choices":[{"index":0,"delta":{"content":"\#(script.word)"},"logprobs":null,"#
                    + #""finish_reason":null}]}"# + "\n\n")
        }
    }

    var bytesPerDelta: Int { deltas[0].readableBytes }

    /// The stream in reads of several deltas each.
    func reads(of count: Int) -> [ByteBuffer] {
        stride(from: 0, to: deltas.count, by: count).map { start in
            var read = ByteBuffer()
            for delta in deltas[start..<min(start + count, deltas.count)] { read.writeImmutableBuffer(delta) }
            return read
        }
    }
}
