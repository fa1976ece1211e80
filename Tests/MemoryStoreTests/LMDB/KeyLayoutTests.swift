import Testing

@testable import LMDBMemoryStore

@Suite("Keys")
struct KeyLayoutTests {
    @Test("their order is the order of their numbers")
    func order() {
        let numbers: [UInt64] = [0, 1, 2, 255, 256, 65_535, 65_536, 1 << 40, UInt64.max - 1, UInt64.max]
        var keys: [[UInt8]] = []
        for session in numbers {
            for node in numbers {
                let key = KeyLayout.message(session: session, node: node)
                keys.append([UInt8](copying: key.span))
            }
        }
        for (left, right) in zip(keys, keys.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
    }

    @Test("the longest fits into what LMDB takes")
    func length() {
        let key = KeyLayout.name(.session, parent: .max, String(repeating: "語", count: 85) + "x")
        #expect(key.span.count == 265)
        let longer = KeyLayout.name(.session, parent: .max, String(repeating: "x", count: 9000))
        #expect(longer.span.count == 265)
    }

    @Test("the parts of a text are one range behind its node, in order")
    func chunks() {
        let keys = [
            KeyLayout.chunk(session: 1, node: 2, .body, part: 0),
            KeyLayout.chunk(session: 1, node: 2, .body, part: 256),
            KeyLayout.chunk(session: 1, node: 2, .reasoning, part: 0),
            KeyLayout.chunk(session: 1, node: 3, .body, part: 0),
            KeyLayout.chunk(session: 2, node: 0, .body, part: 0),
        ].map { [UInt8](copying: $0.span) }
        for (left, right) in zip(keys, keys.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
    }
}
