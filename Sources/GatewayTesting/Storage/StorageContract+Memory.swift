internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// What is kept beside what was said: contexts, the session an owner is in, summaries, plugins' values.
    static let memory = [
        StorageContract("a message keeps its speaker and what stood behind its text") { test in
            var question = SampleTurns.message("q")
            question.speaker = "Anna"
            question.turnBlock = "location: Paris"
            try test.storage.commit(.journal(SampleTurns.question(1, messages: [question])))
            try test.storage.commit(.record(SampleTurns.turn(1, messages: [question])))
            let stored = try test.storage.messages(of: session)
            try expectSame(stored.map(\.message.speaker), ["Anna", nil], "the speakers")
            let turn = try test.storage.turns(of: session).first
            try expectSame(turn?.messages.map(\.turnBlock), ["location: Paris", nil], "the turn blocks")
        },
        StorageContract("a room and a person of one name have sessions of their own") { test in
            let room = SessionKey(SessionOwner(tenant: "main", .chat, "anna"), "s1")
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2, in: room)))
            try expectSame(try test.storage.exchange(SampleTurns.exchange(2))?.session, room, "the key")
            for key in [session, room] {
                try expectSame(try test.storage.messages(of: key).count, 2, "the messages of \(key)")
            }
        },
        StorageContract("a context is kept until another one comes") { test in
            try expectSame(try test.storage.background(of: session)?.context, nil, "before the first round")
            var turn = SampleTurns.turn(1)
            let first = SessionContext(
                standing: StandingText([
                    .init(plugin: "a", text: "Summaries.", items: 2, summaries: []),
                    .init(
                        plugin: "b", text: "More.", items: 1,
                        summaries: [SummaryPlace(session: "s0", number: 3)]),
                ]), firstRound: 1, settings: UInt64.max, madeBy: SampleTurns.exchange(1))
            turn.context = first
            try test.storage.commit(.record(turn))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            try test.reopen()
            try expectSame(
                try test.storage.background(of: session)?.context, first, "after a round without a step")
            var step = SampleTurns.turn(3)
            step.context = SessionContext(standing: .none, firstRound: 3, settings: 0)
            try test.storage.commit(.record(step))
            try expectSame(try test.storage.background(of: session)?.context, step.context, "after a step")
        },
        StorageContract("an owner is in the session that became current last") { test in
            try expectSame(try test.storage.currentSession(of: session.owner), nil, "at first")
            for (number, name) in ["a", "b", "a", "c"].enumerated() {
                var turn = SampleTurns.turn(number, in: SampleTurns.session(name))
                turn.becomesCurrent = name != "c"
                try test.storage.commit(.record(turn))
            }
            let current = try test.storage.currentSession(of: session.owner)
            try expectSame(current?.key.name, "a", "the session")
            try expectSame(current?.lastActiveAt, SampleTurns.moment(2), "its last moment")
            let bert = SampleTurns.session(user: "bert").owner
            try expectSame(try test.storage.currentSession(of: bert), nil, "of another user")
        },
        StorageContract("the newest ends of an owner are found, newest first, each session once") { test in
            for (number, name) in ["a", "b", "c", "d"].enumerated() {
                try test.storage.commit(.record(SampleTurns.turn(number, in: SampleTurns.session(name))))
                try expectSame(
                    try test.storage.commit(.summarise(summary(name, 1, at: number))), [.kept], "the receipt")
            }
            // One that goes on and ends again, and one that is folded.
            try test.storage.commit(.summarise(summary("a", 2, at: 20)))
            try test.storage.commit(.summarise(summary("b", 2, at: 30, purpose: .fold)))
            func ends(_ excluded: String, _ count: Int) throws -> [String] {
                try test.storage.endSummaries(
                    of: session.owner, besides: SampleTurns.session(excluded), count: count
                ).map(\.text)
            }
            try expectSame(try ends("none", 9), ["a2", "d1", "c1", "b1"], "all")
            try expectSame(try ends("none", 2), ["a2", "d1"], "the newest two")
            try expectSame(try ends("d", 2), ["a2", "c1"], "besides the one that asks")
            // The newest link of an end stands for its session, whichever is corrected.
            try test.storage.commit(.summarise(summary("a", 1, at: 40)))
            try expectSame(try ends("none", 9), ["a2", "d1", "c1", "b1"], "after a correction")
            try test.storage.commit(.summarise(summary("a", 2, at: 20, purpose: .fold)))
            try expectSame(try ends("none", 9), ["a1", "d1", "c1", "b1"], "after the end was taken back")
            let bert = SampleTurns.session(user: "bert")
            try expectSame(
                try test.storage.endSummaries(of: bert.owner, besides: bert, count: 9), [], "of another user")
        },
        StorageContract("a chain is read in order, every member of it, and a link can be replaced") { test in
            let unknown = try test.storage.commit(.summarise(summary("s1", 1, at: 1)))
            try expectSame(unknown, [.absent], "of a session that is not there")
            try test.storage.commit(.record(SampleTurns.turn(1)))
            let chain = [summary("s1", 1, at: 1), summary("s1", 2, at: 2)]
            for link in chain { try test.storage.commit(.summarise(link)) }
            try test.reopen()
            try expectSame(try test.storage.summaries(of: session), chain, "the chain")
            var better = chain[0]
            better.text = "better"
            better.model = nil
            try test.storage.commit(.summarise(better))
            try expectSame(try test.storage.summaries(of: session), [better, chain[1]], "the new link")
        },
        StorageContract("a plugin's values are its own, an owner's own, and can be taken away") { test in
            let anna = session.owner
            let places = [
                (anna, "ab", "c"), (anna, "a", "bc"), (SampleTurns.session(user: "bert").owner, "ab", "c"),
                (SessionOwner(tenant: "main", .chat, "anna"), "ab", "c"),
                (SessionOwner(tenant: "other", .user, "anna"), "ab", "c"),
            ]
            func values() throws -> [[UInt8]?] {
                try places.map { try test.storage.value($0.2, of: $0.1, owner: $0.0) }
            }
            try expectSame(try values(), [nil, nil, nil, nil, nil], "at first")
            for (number, place) in places.enumerated() {
                try test.storage.commit(.keep(entry(place, [UInt8(number)])))
            }
            try test.reopen()
            try expectSame(try values(), [[0], [1], [2], [3], [4]], "all of them")
            try test.storage.commit(.keep(entry(places[0], nil)), .keep(entry(places[1], [])))
            try expectSame(try values(), [nil, [], [2], [3], [4]], "one gone, one empty")
            try expectFailure(.tooLarge, "a long key") {
                try test.storage.commit(.keep(entry((anna, "a", String(repeating: "k", count: 257)), [])))
            }
        },
    ]

    private static let session = SampleTurns.session()

    private static func summary(
        _ name: String, _ number: Int, at second: Int, purpose: SessionSummary.Purpose = .end
    ) -> SessionSummary {
        SessionSummary(
            session: SampleTurns.session(name), number: number, parent: number > 1 ? number - 1 : nil,
            purpose: purpose, rounds: number...number + 3, anchor: UInt64(number) + 7,
            text: "\(name)\(number)", model: "a-model", createdAt: SampleTurns.moment(second))
    }

    private static func entry(
        _ place: (owner: SessionOwner, plugin: String, key: String), _ value: [UInt8]?
    ) -> PluginEntry {
        PluginEntry(owner: place.owner, plugin: place.plugin, key: place.key, value: value)
    }
}
