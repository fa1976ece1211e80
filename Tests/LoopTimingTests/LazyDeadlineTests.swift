import LoopTiming
import NIOCore
import NIOEmbedded
import Testing

@Suite("A deadline that costs nothing to move later")
struct LazyDeadlineTests {
    private final class Passed {
        var count = 0
    }

    private let loop = EmbeddedEventLoop()
    private let passed = Passed()

    private func deadline() -> LazyDeadline {
        LazyDeadline(clock: SystemLoopClock(loop)) { [passed] in passed.count += 1 }
    }

    @Test("It passes once, not before its time")
    func once() {
        let deadline = deadline()
        deadline.set(after: .seconds(5))
        loop.advanceTime(by: .milliseconds(4999))
        #expect(passed.count == 0)
        loop.advanceTime(by: .milliseconds(1))
        #expect(passed.count == 1)
        loop.advanceTime(by: .hours(1))
        #expect(passed.count == 1)
    }

    @Test("Moved later it passes at the later time, moved earlier at the earlier one")
    func moved() {
        let deadline = deadline()
        deadline.set(after: .seconds(5))
        loop.advanceTime(by: .seconds(3))
        deadline.set(after: .seconds(5))
        loop.advanceTime(by: .seconds(4))
        #expect(passed.count == 0)
        loop.advanceTime(by: .seconds(1))
        #expect(passed.count == 1)
        deadline.set(after: .seconds(50))
        deadline.set(after: .seconds(2))
        loop.advanceTime(by: .seconds(2))
        #expect(passed.count == 2)
    }

    @Test("Taken back it does not pass, and may be set again before or after its old time")
    func cleared() {
        let deadline = deadline()
        deadline.set(after: .seconds(5))
        deadline.clear()
        loop.advanceTime(by: .seconds(3))
        deadline.set(after: .seconds(10))
        loop.advanceTime(by: .seconds(9))
        #expect(passed.count == 0)
        loop.advanceTime(by: .seconds(1))
        #expect(passed.count == 1)
        deadline.clear()
        loop.advanceTime(by: .seconds(60))
        deadline.set(after: .seconds(1))
        loop.advanceTime(by: .seconds(1))
        #expect(passed.count == 2)
    }

    @Test("It ends with its owner")
    func freed() {
        var deadline: LazyDeadline? = deadline()
        deadline?.set(after: .seconds(1))
        deadline = nil
        loop.advanceTime(by: .seconds(2))
        #expect(passed.count == 0)
    }
}
