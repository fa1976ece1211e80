internal import MemoryCore
internal import MemoryStore
internal import SystemCalls

extension StorageContract {
    /// Opening, closing, and many threads.
    static let lifecycle = [
        StorageContract("what was settled is there after closing and opening") { test in
            for number in 1...10 { try test.storage.commit(.record(SampleTurns.turn(number))) }
            let messages = try test.storage.messages(of: SampleTurns.session())
            let session = try test.storage.session(SampleTurns.session())
            let exchange = try test.storage.exchange(SampleTurns.exchange(7))
            try test.reopen()
            try expectSame(try test.storage.messages(of: SampleTurns.session()), messages, "the messages")
            try expectSame(try test.storage.session(SampleTurns.session()), session, "the session")
            try expectSame(try test.storage.exchange(SampleTurns.exchange(7)), exchange, "the exchange")
        },
        StorageContract("closing commits what nobody waited for") { test in
            for number in 1...20 {
                try test.storage.apply([.record(SampleTurns.turn(number))], .withNextBatch)
            }
            try test.reopen()
            try expectSame(try test.storage.session(SampleTurns.session())?.lastRound, 20, "the last round")
        },
        StorageContract("numbers go on after failures, and after closing and opening") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2, replies: [], outcome: .failed)))
            try test.reopen()
            try test.storage.commit(.record(SampleTurns.turn(3)))
            let messages = try test.storage.messages(of: SampleTurns.session())
            try expectSame(messages.map(\.node), [1, 2, 3, 4, 5], "the nodes")
            try expectSame(messages.map(\.round), [1, 1, nil, 2, 2], "the rounds")
        },
        StorageContract("twenty threads make twenty whole rounds, numbered from 1 to 20") { test in
            let storage = test.storage
            let threads = try (1...20).map { number in
                try SystemThread(named: "round \(number)") {
                    try? storage.apply([.journal(SampleTurns.question(number))], .withNextBatch)
                    _ = try? storage.commit(.record(SampleTurns.turn(number)))
                }
            }
            for thread in threads { thread.join() }
            let turns = try storage.turns(of: SampleTurns.session())
            try expectSame(turns.map(\.round), Array(1...20), "the rounds")
            let branch = try storage.branch(of: SampleTurns.session())
            for turn in turns {
                let exchanges = branch.filter { $0.round == turn.round }.map(\.exchange)
                try expectSame(exchanges.count, 2, "the messages of round \(turn.round)")
                try expectSame(Set(exchanges).count, 1, "the exchanges of round \(turn.round)")
                let exchange = try storage.exchange(exchanges[0])
                try expectSame(exchange?.round, turn.round, "the record of round \(turn.round)")
            }
            let numbers = turns.flatMap(\.messages).map(\.node)
            try expectSame(numbers, Array(1...40), "the nodes along the branch")
        },
        StorageContract("an empty list is settled when all before it are, and what lingers is told") { test in
            let (lingering, barrier) = (CommitWaiter(), CommitWaiter())
            try test.storage.apply([.record(SampleTurns.turn(1))], .lingering(ticket: 7, lingering))
            try test.storage.apply([], .waiting(ticket: 8, barrier))
            try expectSame(try barrier.result(of: 8).get(), [], "the barrier's receipts")
            try expectSame(try test.storage.turns(of: SampleTurns.session()).count, 1, "the rounds behind it")
            try expectSame(try lingering.result(of: 7).get(), [.recorded(round: 1)], "what lingered")
        },
        StorageContract("every ticket is settled exactly once, in the order of its thread's changes") {
            test in
            let waiter = CommitWaiter()
            for number in 1...100 {
                try test.storage.apply(
                    [.record(SampleTurns.turn(number))], .waiting(ticket: UInt64(number), waiter))
            }
            for number in 1...100 {
                let receipts = try waiter.result(of: UInt64(number)).get()
                try expectSame(receipts, [.recorded(round: number)], "the receipt of \(number)")
            }
            try expectSame(waiter.calls.flatMap(\.self), Array(1...100), "the tickets told")
        },
        StorageContract("a listener is told of what is settled when it can be read") { test in
            let storage = test.storage
            let reading = ReadingListener { try? storage.session(SampleTurns.session())?.lastRound }
            for number in 1...20 {
                try storage.apply(
                    [.record(SampleTurns.turn(number))], .waiting(ticket: UInt64(number), reading))
                let seen = reading.waiter.result(of: UInt64(number))
                try expectSame(
                    seen, .success([.recorded(round: number)]), "the last round seen by the listener")
            }
        },
        StorageContract("a closed store refuses everything, and closing again is nothing") { test in
            let storage = test.storage
            try storage.commit(.record(SampleTurns.turn(1)))
            storage.close()
            storage.close()
            let key = SampleTurns.session()
            try expectFailure(.closed, "apply") { try storage.apply([], .withNextBatch) }
            try expectFailure(.closed, "session") { _ = try storage.session(key) }
            try expectFailure(.closed, "walkTurns") { _ = try storage.walkTurns(of: key) { _ in true } }
            try expectFailure(.closed, "messages") { _ = try storage.messages(of: key) }
            try expectFailure(.closed, "exchange") { _ = try storage.exchange(SampleTurns.exchange(1)) }
            try expectFailure(.closed, "statistics") { _ = try storage.statistics() }
            try expectFailure(.closed, "recovery") {
                _ = try storage.recoverInterrupted(at: SampleTurns.moment(1))
            }
        },
        StorageContract("a read for the reader thread runs once, also after closing") { test in
            let storage = test.storage
            try storage.commit(.record(SampleTurns.turn(1)))
            for _ in 0..<2 {
                let done = Monitor(0)
                storage.onReaderThread { done.update { $0 += 1 } }
                done.wait { $0 > 0 ? .now(()) : .sleep(until: nil) }
                storage.close()
                try expectSame(done.look { $0 }, 1, "the runs")
            }
        },
    ]

    /// Reads within the call that tells of a commit, and takes down what it saw in the place of the receipt.
    private final class ReadingListener: CommitListener {
        let waiter = CommitWaiter()
        private let read: @Sendable () -> Int?

        init(_ read: @escaping @Sendable () -> Int?) {
            self.read = read
        }

        func settled(_ commits: [SettledCommit]) {
            let seen = read()
            waiter.settled(
                commits.map { SettledCommit(ticket: $0.ticket, result: .success([.recorded(round: seen)])) })
        }
    }
}
