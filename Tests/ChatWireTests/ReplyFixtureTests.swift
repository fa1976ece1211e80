import ChatWire
import NIOCore
import Testing

@Suite("Replies of real and odd servers")
struct ReplyFixtureTests {
    @Test("Fixtures are there")
    func fixturesExist() {
        #expect(ReplyFixture.all.count >= 140)
    }

    @Test("A reply fed whole is put together as its index says", arguments: ReplyFixture.all)
    func whole(_ fixture: ReplyFixture) {
        let run = TapRun(fixture.body, cutAt: [])
        fixture.expectation.check(run.reply)
    }

    @Test("A plain body is put together by the same rules", arguments: ReplyFixture.all)
    func plain(_ fixture: ReplyFixture) {
        fixture.expectation.check(AssembledReply.assemble(plain: fixture.body))
    }

    @Test("Every split in two gives the same reply and marks", arguments: ReplyFixture.all)
    func twoPieces(_ fixture: ReplyFixture) {
        let whole = TapRun(fixture.body, cutAt: [])
        let count = fixture.body.readableBytes
        // The few large fixtures would cost minutes; a prime stride still meets every kind of place in them.
        let step = count > 6000 ? 97 : 1
        for cut in stride(from: 1, to: count, by: step) {
            let run = TapRun(fixture.body, cutAt: [cut])
            guard run == whole else {
                Issue.record("\(fixture.file) differs when cut at \(cut)")
                return
            }
        }
    }

    @Test("Byte by byte gives the same reply and marks", arguments: ReplyFixture.all)
    func byteByByte(_ fixture: ReplyFixture) {
        let whole = TapRun(fixture.body, cutAt: [])
        #expect(TapRun(fixture.body, cutAt: 1..<max(1, fixture.body.readableBytes)) == whole)
    }
}
