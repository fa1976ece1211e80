import ChatWire
import NIOCore
import Testing

@Suite("Marks of a reply for the relay")
struct ReplyMarksTests {
    @Test("The event with the finish reason finishes, usage and [DONE] come behind it")
    func usualStream() {
        var stream = Stream()
        stream.text("a")
        let finish = stream.delta("{}", finish: "stop")
        stream.event(#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#)
        let done = stream.event("[DONE]")
        let run = runEverySplit(stream)
        #expect(run.finish == finish)
        #expect(run.done == done)
        #expect(run.usageAfterFinish)
        #expect(!run.contentAfterFinish)
        #expect(run.reply.usage?.prompt == 3)
        #expect(run.reply.isComplete)
    }

    @Test("Usage in the finishing event is not usage behind it")
    func usageInFinish() {
        var stream = Stream()
        let finish = stream.text("a", finish: "stop", usage: #"{"prompt_tokens":1}"#)
        let run = runEverySplit(stream)
        #expect(run.finish == finish)
        #expect(!run.usageAfterFinish)
        #expect(!run.contentAfterFinish)
    }

    @Test("With several choices the last one that is expected finishes the reply")
    func lastChoice() {
        var stream = Stream()
        stream.text("a", index: 0)
        stream.text("b", finish: "stop", index: 1)
        stream.text("c", index: 0)
        stream.text("", finish: "stop", index: 1)
        let finish = stream.text("", finish: "length", index: 0)
        stream.event("[DONE]")
        let run = runEverySplit(stream, expectedChoices: 2)
        #expect(run.finish == finish)
        #expect(run.reply.choices.map(\.text) == ["ac", "b"])
    }

    @Test("Where fewer choices come than expected, [DONE] finishes the reply")
    func fewerChoices() {
        var stream = Stream()
        stream.text("a", finish: "stop")
        let done = stream.event("[DONE]")
        let run = runEverySplit(stream, expectedChoices: 3)
        #expect(run.finish == done)
        #expect(run.done == done)
        #expect(run.reply.isComplete)
    }

    @Test("Where every event has a finish reason the first one counts, and content behind it is said")
    func finishOnEveryEvent() {
        var stream = Stream()
        let first = stream.text("a", finish: "stop")
        stream.text("b", finish: "stop")
        let run = runEverySplit(stream)
        #expect(run.finish == first)
        #expect(run.contentAfterFinish)
        #expect(run.reply.choices[0].text == "ab")
    }

    @Test(
        "Content behind the finish is said of each kind",
        arguments: [
            #"{"content":"x"}"#, #"{"content":[{"type":"text","text":"x"}]}"#, #"{"reasoning":"x"}"#,
            #"{"reasoning_details":[{"type":"reasoning.text","text":"x"}]}"#, #"{"refusal":"x"}"#,
            #"{"audio":{"transcript":"x"}}"#, #"{"tool_calls":[{"index":0,"function":{"arguments":"x"}}]}"#,
            #"{"function_call":{"arguments":"x"}}"#,
        ])
    func contentKinds(_ delta: String) {
        var stream = Stream()
        stream.text("a", finish: "stop")
        stream.delta(delta)
        #expect(runEverySplit(stream).contentAfterFinish)
    }

    @Test(
        "Nothing is said of what is empty",
        arguments: [
            "{}", "null", #"{"content":""}"#, #"{"content":null,"role":""}"#, #"{"content":[]}"#,
            #"{"tool_calls":[]}"#,
            #"{"reasoning":"","refusal":null}"#, #"{"audio":{}}"#,
        ])
    func emptyDeltas(_ delta: String) {
        var stream = Stream()
        stream.text("a", finish: "stop")
        stream.delta(delta, usage: "null")
        let run = runEverySplit(stream)
        #expect(!run.contentAfterFinish)
        #expect(!run.usageAfterFinish)
    }

    @Test("Each piece says only what came with it")
    func marksOfOnePiece() {
        var tap = ReplyTap()
        var stream = Stream()
        let finish = stream.text("a", finish: "stop")
        #expect(tap.feed(stream.body).finish == finish)
        var more = Stream()
        more.text("b", usage: #"{"prompt_tokens":1}"#)
        let marks = tap.feed(more.body)
        #expect(marks.finish == nil)
        #expect(marks.contentAfterFinish)
        #expect(marks.usageAfterFinish)
        let comment = tap.feed(ByteBuffer(string: ": ping\n\n"))
        #expect(!comment.contentAfterFinish)
        #expect(!comment.usageAfterFinish)
        #expect(comment.whole == stream.offset + more.offset + 8)
    }

    @Test("Comment lines are relayable at once, an event only when it is whole")
    func relayable() {
        var tap = ReplyTap()
        #expect(tap.feed(ByteBuffer(string: ": wait")).whole == 0)
        #expect(tap.feed(ByteBuffer(string: "ing\n")).whole == 10)
        #expect(tap.feed(ByteBuffer(string: "\n")).whole == 11)
        #expect(tap.feed(ByteBuffer(string: "event: x\n")).whole == 11)
        #expect(tap.feed(ByteBuffer(string: "data: {\"choices\"\n")).whole == 11)
        #expect(tap.feed(ByteBuffer(string: ": between\n")).whole == 11)
        #expect(tap.feed(ByteBuffer(string: "data: :[]}\n")).whole == 11)
        #expect(tap.feed(ByteBuffer(string: "\n")).whole == 59)
        #expect(tap.feed(ByteBuffer(string: "data: cut")).whole == 59)
        #expect(tap.end().whole == 68)
    }

    @Test("An event begins with its first field line")
    func eventWithFields() {
        var stream = Stream()
        stream.text("a")
        let finish = stream.raw("event: message\nid: 7\n")
        stream.text("", finish: "stop")
        #expect(runEverySplit(stream).finish == finish)
    }

    @Test("Line ends of any kind leave the marks where they are", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ lineEnd: String) {
        var stream = Stream()
        stream.raw("\u{FEFF}: hello\(lineEnd)\(lineEnd)")
        stream.raw(#"data:{"choices":[{"delta":{"content":"a"}}]}"# + lineEnd + lineEnd)
        let lines = [
            #"data: {"choices":"#, #"data: [{"delta":"#, ": between", #"data: {"content":"b"}}]}"#, "", "",
        ]
        stream.raw(lines.joined(separator: lineEnd))
        let finish = stream.raw(
            #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + lineEnd + lineEnd)
        let done = stream.raw("data: [DONE]")
        let run = runEverySplit(stream)
        #expect(run.finish == finish)
        #expect(run.done == done)
        #expect(run.reply.choices.map(\.text) == ["ab"])
    }

    @Test("A JSON body is held to its last piece and finishes nowhere")
    func plainBody() {
        let body = ByteBuffer(
            string: "{\n\"choices\": [\n{\"message\": {\"content\": \"a\"}, \"finish_reason\": \"stop\"}]}\n")
        var tap = ReplyTap()
        let count = body.readableBytes
        var whole = 0
        for index in 0..<count {
            whole = tap.feed(ByteBuffer(bytes: [body.getInteger(at: index) ?? 0])).whole
            #expect(whole <= index)
        }
        let marks = tap.end()
        #expect(marks.whole == count)
        #expect(marks.finish == nil)
        #expect(tap.reply.isPlain)
        #expect(tap.reply.choices.map(\.text) == ["a"])
    }

    /// The result of the stream fed whole, after checking that every split in two and single bytes give the
    /// same.
    private func runEverySplit(_ stream: Stream, expectedChoices: Int = 1) -> TapRun {
        let body = stream.body
        let whole = TapRun(body, cutAt: [], expectedChoices: expectedChoices)
        let cuts = 1..<body.readableBytes
        #expect(TapRun(body, cutAt: cuts, expectedChoices: expectedChoices) == whole)
        for cut in cuts where TapRun(body, cutAt: [cut], expectedChoices: expectedChoices) != whole {
            Issue.record("differs when cut at \(cut)")
        }
        return whole
    }
}
