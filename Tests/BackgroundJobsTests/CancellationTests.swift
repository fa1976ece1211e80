import BackgroundJobs
import GatewayTesting
import Testing

@Suite("Breaking work off from outside", .timeLimit(.minutes(15)))
struct CancellationTests {
    @Test("What the work waits for is ended, once")
    func once() {
        let cancellation = Cancellation()
        let ended = Watched([Int]())
        for number in 0..<3 { _ = cancellation.onCancel { ended.update { $0.append(number) } } }
        #expect(!cancellation.isCancelled)
        cancellation.cancel()
        cancellation.cancel()
        #expect(cancellation.isCancelled)
        #expect(ended.look { $0.sorted() } == [0, 1, 2])
    }

    @Test("What comes after the end is ended at once, and what was forgotten is left alone")
    func lateAndForgotten() {
        let cancellation = Cancellation()
        let ended = Watched([String]())
        let number = cancellation.onCancel { ended.update { $0.append("forgotten") } }
        cancellation.forget(number)
        cancellation.forget(number)
        cancellation.cancel()
        #expect(ended.look { $0 } == [])
        _ = cancellation.onCancel { ended.update { $0.append("late") } }
        #expect(ended.look { $0 } == ["late"])
    }

    @Test("An action may ask and forget: nothing is locked meanwhile")
    func reentrant() {
        let cancellation = Cancellation()
        let asked = Watched(0)
        let number = cancellation.onCancel {
            if cancellation.isCancelled { asked.update { $0 += 1 } }
            cancellation.forget(1)
            _ = cancellation.onCancel { asked.update { $0 += 1 } }
        }
        #expect(number == 1)
        cancellation.cancel()
        #expect(asked.look { $0 } == 2)
    }

    @Test("Whoever asks while it is broken off is ended exactly once, on whatever threads")
    func parallel() async {
        for _ in 0..<50 {
            let cancellation = Cancellation()
            let ended = Watched([Int: Int]())
            await withDiscardingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        if number == 10 { return cancellation.cancel() }
                        _ = cancellation.onCancel { ended.update { $0[number, default: 0] += 1 } }
                    }
                }
            }
            #expect(
                ended.look { $0 }
                    == Dictionary(uniqueKeysWithValues: (0..<20).filter { $0 != 10 }.map { ($0, 1) }))
        }
    }
}
