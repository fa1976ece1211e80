internal import ChatWire
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

extension StorageContract {
    /// Small and large.
    static let sizes = [
        StorageContract("messages around every bound of a record are read back whole") { test in
            let session = SampleTurns.session()
            let sizes = [0, 1, 59_999, 60_000, 60_001, 65_519, 65_520, 65_521, 131_040, 131_041, 200_000]
            for (number, size) in sizes.enumerated() {
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
                var message = NewMessage(role: .user, body: ByteBuffer(bytes: bytes), tokens: size)
                message.reasoning = String(repeating: "r", count: size)
                try test.storage.commit(.record(SampleTurns.turn(number, messages: [message])))
                let walked = try test.storage.turns(of: session).last?.messages.first
                let stored = try test.storage.messages(of: session).first { $0.node == walked?.node }
                try expectHolds(stored?.message == message, "a message of \(size) bytes")
                try expectHolds(walked?.body == message.body, "a walked message of \(size) bytes")
            }
            try test.reopen()
            let stored = try test.storage.turns(of: session).map { $0.messages[0].body.readableBytes }
            try expectSame(stored, sizes, "the sizes after opening again")
        },
        StorageContract("a body of five mebibytes is kept") { test in
            let bytes = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }
            let message = NewMessage(role: .user, body: ByteBuffer(bytes: bytes), tokens: 1)
            try test.storage.commit(
                .journal(SampleTurns.question(1, messages: [message])),
                .record(SampleTurns.turn(1, messages: [message])))
            let stored = try test.storage.messages(of: SampleTurns.session()).first?.message.body
            try expectHolds(stored == message.body, "the body")
        },
        StorageContract("a round may have many messages, few, or none") { test in
            let many = (0..<500).map { SampleTurns.message("part \($0)", $0 % 2 == 0 ? .user : .tool) }
            try test.storage.commit(.record(SampleTurns.turn(1, messages: many)))
            try test.storage.commit(.record(SampleTurns.turn(2, messages: [])))
            try test.storage.commit(.record(SampleTurns.turn(3, messages: [], replies: [])))
            let turns = try test.storage.turns(of: SampleTurns.session())
            try expectSame(turns.map(\.round), [1, 2], "the rounds")
            try expectSame(turns.map(\.messages.count), [501, 1], "the messages")
            try expectSame(turns[0].messages.map(\.index), Array(0...500), "the places")
        },
        StorageContract("every role, status and odd number is read back") { test in
            var messages: [NewMessage] = []
            for role in Role.allCases {
                for status in MessageStatus.allCases {
                    var message = NewMessage(
                        role: role, body: ByteBuffer(string: "{}"), tokens: -1, status: status)
                    message.choice = Int.max
                    message.usage = TokenUsage(prompt: Int.min, completion: 0, cached: Int.max)
                    message.model = ""
                    messages.append(message)
                }
            }
            try test.storage.commit(.record(SampleTurns.turn(1, messages: messages, replies: [])))
            let stored = try test.storage.messages(of: SampleTurns.session()).map(\.message)
            try expectSame(stored, messages, "the messages")
        },
        StorageContract("statistics count sessions, messages, commits and changes") { test in
            let before = try test.storage.statistics()
            try expectSame([before.sessions, before.messages], [0, 0], "an empty store")
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2, in: SampleTurns.session("s2"))))
            let after = try test.storage.statistics()
            try expectSame([after.sessions, after.messages], [2, 4], "sessions and messages")
            try expectSame([after.commits, after.changes], [2, 2], "commits and changes")
            try expectHolds(after.usedBytes > before.usedBytes, "bytes are counted")
            try expectHolds(after.usedBytes <= after.maximumBytes, "bytes are below their bound")
        },
    ]
}
