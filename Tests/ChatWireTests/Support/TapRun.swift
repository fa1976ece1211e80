import ChatWire
import NIOCore
import Testing

/// What came of feeding a body to a tap in pieces, and whether the marks kept their promises on the way.
struct TapRun: Equatable {
    var reply: AssembledReply
    var finish: Int?
    var done: Int?
    var contentAfterFinish = false
    var usageAfterFinish = false
    var degraded: ReplyMarks.Degradation?

    /// Feeds a body cut at offsets.
    init(
        _ body: ByteBuffer, cutAt cuts: some Sequence<Int>, expectedChoices: Int = 1,
        limits: ReplyLimits = ReplyLimits()
    ) {
        var tap = ReplyTap(expectedChoices: expectedChoices, limits: limits)
        reply = tap.reply
        var body = body
        var fed = 0
        var whole = 0
        var lastUnfinishedWhole = 0
        func check(_ marks: ReplyMarks) {
            if marks.whole < whole { Issue.record("relayable bytes fall" as Comment) }
            if marks.whole > fed { Issue.record("bytes are relayable that have not come" as Comment) }
            if finish != nil, marks.finish != nil { Issue.record("finish is said twice" as Comment) }
            if done != nil, marks.done != nil { Issue.record("done is said twice" as Comment) }
            whole = marks.whole
            finish = finish ?? marks.finish
            done = done ?? marks.done
            if finish == nil { lastUnfinishedWhole = whole }
            contentAfterFinish = contentAfterFinish || marks.contentAfterFinish
            usageAfterFinish = usageAfterFinish || marks.usageAfterFinish
            degraded = marks.degraded
        }
        for cut in cuts {
            guard let piece = body.readSlice(length: cut - fed) else {
                Issue.record("no such cut")
                return
            }
            fed = cut
            check(tap.feed(piece))
        }
        fed += body.readableBytes
        check(tap.feed(body))
        let marks = tap.end()
        check(marks)
        if marks.whole != fed { Issue.record("not all is relayed at the end" as Comment) }
        if let finish {
            #expect(lastUnfinishedWhole <= finish, "a part of the finishing event was relayable")
        }
        reply = tap.reply
    }
}
