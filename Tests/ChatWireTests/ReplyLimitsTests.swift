import ChatWire
import NIOCore
import Testing

@Suite("Limits on what is kept of a reply")
struct ReplyLimitsTests {
    @Test(
        "A line over the limit is left out and relayed, the lines around it count",
        arguments: [
            "data: ", "", ": ", "event: ", "data: {", "{",
        ])
    func longLine(_ beginning: String) {
        var stream = Stream()
        stream.text("a")
        stream.raw(beginning + String(repeating: "x", count: 300) + "\n\n")
        let finish = stream.text("b", finish: "stop")
        let whole = run(stream, cutAt: [])
        #expect(whole.reply.choices.map(\.text) == ["ab"])
        #expect(whole.finish == finish)
        #expect(whole.degraded == .eventTooLong)
        #expect(whole.reply.isTruncated)
        #expect(whole.reply.isComplete)
        let count = stream.offset
        #expect(run(stream, cutAt: 1..<count) == whole)
        for cut in 1..<count where run(stream, cutAt: [cut]) != whole {
            Issue.record("differs when cut at \(cut)")
        }
    }

    @Test("While a line is over the limit its bytes are relayable")
    func longLineUnderWay() {
        var limits = ReplyLimits()
        limits.eventLine = 100
        var tap = ReplyTap(limits: limits)
        #expect(
            tap.feed(ByteBuffer(string: "event: x\ndata: " + String(repeating: "y", count: 94))).whole == 0)
        #expect(tap.feed(ByteBuffer(string: "y")).whole == 110)
        #expect(tap.feed(ByteBuffer(string: String(repeating: "z", count: 1000))).whole == 1110)
        let marks = tap.feed(ByteBuffer(string: "\n\n"))
        #expect(marks.whole == 1112)
        #expect(marks.degraded == .eventTooLong)
    }

    @Test("An event of many lines over the limit is left out")
    func longEvent() {
        var stream = Stream()
        stream.text("a")
        for _ in 0..<50 { stream.raw("data: \"" + String(repeating: "x", count: 20) + "\n") }
        stream.raw("\n")
        stream.text("b", finish: "stop")
        let whole = run(stream, cutAt: [])
        #expect(whole.reply.choices.map(\.text) == ["ab"])
        #expect(whole.degraded == .eventTooLong)
        #expect(run(stream, cutAt: 1..<stream.offset) == whole)
    }

    @Test("Text over the limit is counted no more, the marks go on")
    func longReply() {
        var limits = ReplyLimits()
        limits.reply = 1000
        var stream = Stream()
        for _ in 0..<100 { stream.text("0123456789") }
        let finish = stream.text("", finish: "stop", usage: #"{"completion_tokens":200}"#)
        let done = stream.event("[DONE]")
        let run = TapRun(stream.body, cutAt: [], limits: limits)
        #expect(run.degraded == .replyTooLong)
        #expect(run.finish == finish)
        #expect(run.done == done)
        #expect(run.reply.usage?.completion == 200)
        #expect(run.reply.choices[0].text == String(repeating: "0123456789", count: 74))
        #expect(run.reply.isComplete)
        #expect(run.reply.isTruncated)
    }

    @Test("Choices and calls without end cost no memory without end")
    func manyChoices() {
        var limits = ReplyLimits()
        limits.reply = 10_000
        var stream = Stream()
        for index in 0..<200 { stream.text("", index: index) }
        for index in 0..<200 { stream.delta(#"{"tool_calls":[{"index":\#(index),"id":"x"}]}"#) }
        let run = TapRun(stream.body, cutAt: [], limits: limits)
        #expect(run.reply.choices.count == 39)
        #expect(run.degraded == .replyTooLong)
    }

    @Test("A JSON body over the line limit is read, one over the reply limit is not")
    func longPlainBody() {
        let text = String(repeating: "long ", count: 100)
        let body = ByteBuffer(string: #"{"choices":[{"message":{"content":"\#(text)"}}]}"#)
        var limits = ReplyLimits()
        limits.eventLine = 100
        let whole = TapRun(body, cutAt: [], limits: limits)
        #expect(whole.reply.choices.map(\.text) == [text])
        #expect(whole.degraded == nil)
        #expect(TapRun(body, cutAt: 1..<body.readableBytes, limits: limits) == whole)
        limits.reply = 300
        let cut = TapRun(body, cutAt: [], limits: limits)
        #expect(cut.reply.choices.isEmpty)
        #expect(cut.reply.isTruncated)
        #expect(TapRun(body, cutAt: 1..<body.readableBytes, limits: limits) == cut)
    }

    private func run(_ stream: Stream, cutAt cuts: some Sequence<Int>) -> TapRun {
        var limits = ReplyLimits()
        limits.eventLine = 200
        return TapRun(stream.body, cutAt: cuts, limits: limits)
    }
}
