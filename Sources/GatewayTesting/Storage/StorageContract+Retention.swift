internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// What goes for good, and how it is found.
    static let retention = [
        StorageContract("messages that are trimmed are gone, and everything else goes on behind them") {
            test in
            let key = SampleTurns.session()
            for number in 1...4 { try test.storage.commit(.record(SampleTurns.turn(number))) }
            let gone = SessionTrim(key, nodes: [1, 2, 3, 4, 99])
            try expectSame(try test.storage.commit(.trim(gone)), [.deleted(4)], "the receipt")
            for _ in 0..<2 {
                try expectSame(try test.storage.messages(of: key).map(\.node), [5, 6, 7, 8], "messages")
                try expectSame(try test.storage.turns(of: key).map(\.round), [3, 4], "the walk")
                try expectSame(try test.storage.background(of: key)?.trimmedRound, 2, "the deleted round")
                try expectSame(try test.storage.details(of: key)?.messages, 4, "their number")
                try test.reopen()
            }
            try test.storage.commit(.record(SampleTurns.turn(5)))
            try expectSame(try test.storage.turns(of: key).map(\.round), [3, 4, 5], "numbers go on")
            try expectSame(try test.storage.messages(of: key).map(\.node), [5, 6, 7, 8, 9, 10], "nodes too")
        },
        StorageContract("a session whose messages are all trimmed begins anew behind its numbers") { test in
            let key = SampleTurns.session()
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.trim(SessionTrim(key, nodes: [1, 2])))
            try expectSame(try test.storage.turns(of: key), [], "the walk")
            try expectSame(try test.storage.session(key)?.head, 0, "the head")
            let old = try aged(test, .oldestMessage, before: 999)
            try expectSame(old, [], "no message is old")
            try test.storage.commit(.record(SampleTurns.turn(2)))
            try test.reopen()
            try expectSame(try test.storage.turns(of: key).map(\.round), [2], "the round behind it")
            try expectSame(try test.storage.branch(of: key).map(\.node), [3, 4], "its messages")
        },
        StorageContract("trimming leaves nothing of long texts, and what a step froze is out of date") {
            test in
            let key = SampleTurns.session()
            var turn = SampleTurns.turn(
                1, messages: [SampleTurns.message(String(repeating: "long ", count: 30_000))])
            turn.context = SessionContext(
                standing: StandingText("They met.", items: 1), firstRound: 2, settings: 7)
            try test.storage.commit(.record(turn))
            try test.storage.commit(.trim(SessionTrim(key, nodes: [1, 2])))
            let context = try test.storage.background(of: key)?.context
            try expectSame(context?.settings, SessionContext.noSettings, "the settings")
            try expectSame(context?.standing.text, "", "the text")
            try expectSame(context?.firstRound, 2, "the window's beginning")
            try expectSame(try test.storage.messages([1, 2], of: key), [], "the messages")
        },
        StorageContract("a reply that comes behind the deletion of its messages brings none back") { test in
            let key = SampleTurns.session()
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.trim(SessionTrim(key, nodes: [1, 2])))
            let late = AmendedReply(
                exchange: SampleTurns.exchange(1), session: key, replies: [SampleTurns.reply("late")])
            try test.storage.commit(.amend(late))
            try expectSame(try test.storage.messages(of: key), [], "the messages")
        },
        StorageContract("sessions are found by the age of their oldest message and of their last activity") {
            test in
            for (number, name) in [(1, "a"), (2, "b"), (3, "c")] {
                try test.storage.commit(.record(SampleTurns.turn(number, in: SampleTurns.session(name))))
            }
            try test.storage.commit(.record(SampleTurns.turn(9, in: SampleTurns.session("a"))))
            try test.reopen()
            try expectSame(try aged(test, .oldestMessage, before: 3), ["a", "b"], "strictly before")
            try expectSame(try aged(test, .oldestMessage, before: 99, policy: "other"), [], "another policy")
            let first = try test.storage.agedSessions(
                by: .oldestMessage, policy: "default", after: nil, before: SampleTurns.moment(99), count: 1)
            let rest = try test.storage.agedSessions(
                by: .oldestMessage, policy: "default", after: first.last, before: SampleTurns.moment(99),
                count: 9)
            try expectSame((first + rest).map(\.key.name), ["a", "b", "c"], "by pages")
            // Whoever looks at one that was active since files it anew.
            try test.storage.commit(.trim(SessionTrim(SampleTurns.session("a"), nodes: [])))
            try expectSame(try aged(test, .lastActivity, before: 9), ["b", "c"], "by activity")
            try expectSame(try aged(test, .lastActivity, before: 10), ["b", "c", "a"], "in its order")
            try test.storage.commit(.trim(SessionTrim(SampleTurns.session("a"), nodes: [1, 2])))
            try expectSame(try aged(test, .oldestMessage, before: 99), ["b", "c", "a"], "by what is left")
        },
        StorageContract("a session whose policy changes is found under the new one only") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            var second = SampleTurns.turn(2)
            second.terms = SessionTerms(policy: "other")
            try test.storage.commit(.record(second))
            for age in SessionAge.allCases {
                try expectSame(try aged(test, age, before: 99), [], "under the old one")
                try expectSame(try aged(test, age, before: 99, policy: "other"), ["s1"], "under the new one")
            }
        },
        StorageContract("a record with more messages than are kept asks for a clean-up of its session") {
            test in
            for number in 1...3 {
                var turn = SampleTurns.turn(number)
                turn.terms.mostMessages = 4
                try test.storage.commit(.record(turn))
                let jobs = try test.storage.jobs(before: nil, count: 9) { $0.kind == .cleanUp }
                try expectSame(
                    jobs.map(\.session), number == 3 ? [SampleTurns.session()] : [], "round \(number)")
            }
        },
    ]

    static func aged(
        _ test: StorageUnderTest, _ age: SessionAge, before second: Int, policy: String = "default"
    ) throws -> [String] {
        try test.storage.agedSessions(
            by: age, policy: policy, after: nil, before: SampleTurns.moment(second), count: 99
        ).map(\.key.name)
    }
}
