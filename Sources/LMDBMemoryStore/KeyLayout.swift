internal import MemoryCore
internal import MemoryStore

/// Every key of every table, in one place. Numbers are big-endian and the scope comes first, so that one
/// session is one range and the order of keys is the order of numbers.
///
/// | table | key | value |
/// |---|---|---|
/// | names | kind, parent id, name | id: tenants below 0, owners below a tenant, sessions below owners |
/// | names | publicID, tenant id, id | session id: what sessions are called by those who look after them |
/// | labels | id | kind, parent id, name: the way back |
/// | sessions | session id | `SessionRow` |
/// | messages | session id, node | `MessageRecord` |
/// | chunks | session id, node, which text, part | part of a text too long for its message's record |
/// | journal | session id, exchange, part | part of a `JournalEntry` |
/// | exchanges | exchange | `ExchangeRow` |
/// | contexts | session id | `ContextRecord` |
/// | current | owner id | session id |
/// | requests | kind, span of time, owner id, digest | `RequestEntry`: what announced retries are known by |
/// | summaries | session id, number | `SummaryRecord` |
/// | endings | owner id, moment, session id | number of the summary that its end left |
/// | states | owner id, length of the plugin's name, plugin, key | what a plugin keeps |
/// | deadlines | kind, moment, id of what it is about | nothing: looked through from the earliest on |
/// | ages | kind, policy id, moment, session id | nothing: what becomes too old, the oldest first |
/// | jobs | number | `JobRow` |
/// | activejobs | session id, kind of job | number of the one that is to be done |
/// | meta | name of a fact | schema version, moment of making, next id |
///
/// `anchors` and `usage` are names kept for tables to come.
enum KeyLayout {
    /// The longest name of a tenant, user or session, in bytes of UTF-8. LMDB takes keys of at most 511
    /// bytes.
    static let maximumNameBytes = 256

    /// What an interned name names.
    enum NameKind: UInt8 {
        case tenant = 1
        case user = 2
        case session = 3
        case chat = 4
        /// What a session is called in its tenant; below the tenant, and leads to the session.
        case publicID = 5
        /// A policy: sessions are found by it when they become too old.
        case policy = 6

        /// The kind of an owner.
        init(_ kind: SessionOwner.Kind) {
            switch kind {
            case .user: self = .user
            case .chat: self = .chat
            }
        }
    }

    /// Which text of a message a chunk belongs to.
    enum LongText: UInt8 {
        case body = 0
        case reasoning = 1
    }

    /// What a deadline is for.
    enum DeadlineKind: UInt8, CaseIterable {
        /// A session may have ended.
        case session = 1
        /// A job is due.
        case job = 2
        /// A job was finished: there it stands until it is forgotten.
        case finishedJob = 3
    }

    /// A name within its parent. The parent's id has a fixed width, so no two parents and names can make the
    /// same key.
    static func name(_ kind: NameKind, parent: UInt64, _ name: String) -> NameKey {
        NameKey(kind, parent: parent, name)
    }

    static func label(_ id: UInt64) -> InlineArray<8, UInt8> {
        key(id)
    }

    static func session(_ id: UInt64) -> InlineArray<8, UInt8> {
        key(id)
    }

    static func message(session: UInt64, node: UInt64) -> InlineArray<16, UInt8> {
        key(session, node)
    }

    static func chunk(session: UInt64, node: UInt64, _ text: LongText, part: UInt32) -> InlineArray<21, UInt8>
    {
        var key = InlineArray<21, UInt8>(repeating: 0)
        key.write(session, at: 0)
        key.write(node, at: 8)
        key[16] = text.rawValue
        key.write(part, at: 17)
        return key
    }

    static func journal(
        session: UInt64, exchange: (high: UInt64, low: UInt64), part: UInt32
    ) -> InlineArray<28, UInt8> {
        var key = InlineArray<28, UInt8>(repeating: 0)
        key.write(session, at: 0)
        key.write(exchange.high, at: 8)
        key.write(exchange.low, at: 16)
        key.write(part, at: 24)
        return key
    }

    static func exchange(high: UInt64, low: UInt64) -> InlineArray<16, UInt8> {
        key(high, low)
    }

    static func request(
        _ fingerprint: RequestFingerprint, span: UInt32, owner: UInt64
    ) -> InlineArray<29, UInt8> {
        var key = InlineArray<29, UInt8>(repeating: 0)
        key[0] = fingerprint.kind.rawValue
        key.write(span, at: 1)
        key.write(owner, at: 5)
        key.write(fingerprint.high, at: 13)
        key.write(fingerprint.low, at: 21)
        return key
    }

    static func deadline(
        _ kind: DeadlineKind, at moment: Timestamp, subject: UInt64
    ) -> InlineArray<17, UInt8> {
        var key = InlineArray<17, UInt8>(repeating: 0)
        key[0] = kind.rawValue
        key.write(UInt64(max(0, moment.microseconds)), at: 1)
        key.write(subject, at: 9)
        return key
    }

    static func age(
        _ age: SessionAge, policy: UInt64, at moment: Timestamp, session: UInt64
    ) -> InlineArray<25, UInt8> {
        var key = InlineArray<25, UInt8>(repeating: 0)
        key[0] = age.rawValue
        key.write(policy, at: 1)
        key.write(UInt64(max(0, moment.microseconds)), at: 9)
        key.write(session, at: 17)
        return key
    }

    static func job(_ id: UInt64) -> InlineArray<8, UInt8> {
        key(id)
    }

    static func activeJob(session: UInt64, _ kind: Job.Kind) -> InlineArray<9, UInt8> {
        var key = InlineArray<9, UInt8>(repeating: 0)
        key.write(session, at: 0)
        key[8] = kind.rawValue
        return key
    }

    static func summary(session: UInt64, number: Int) -> InlineArray<16, UInt8> {
        key(session, UInt64(number))
    }

    static func ending(owner: UInt64, at moment: Timestamp, session: UInt64) -> InlineArray<24, UInt8> {
        var key = InlineArray<24, UInt8>(repeating: 0)
        key.write(owner, at: 0)
        key.write(UInt64(max(0, moment.microseconds)), at: 8)
        key.write(session, at: 16)
        return key
    }

    /// The length keeps plugins apart whose names and keys would join to the same bytes.
    static func state(owner: UInt64, plugin: String, key: String) -> [UInt8] {
        var bytes = [UInt8](copying: label(owner).span)
        bytes.append(UInt8(clamping: plugin.utf8.count))
        bytes.append(contentsOf: plugin.utf8)
        bytes.append(contentsOf: key.utf8)
        return bytes
    }

    private static func key(_ number: UInt64) -> InlineArray<8, UInt8> {
        var key = InlineArray<8, UInt8>(repeating: 0)
        key.write(number, at: 0)
        return key
    }

    private static func key(_ first: UInt64, _ second: UInt64) -> InlineArray<16, UInt8> {
        var key = InlineArray<16, UInt8>(repeating: 0)
        key.write(first, at: 0)
        key.write(second, at: 8)
        return key
    }
}

/// A key of the names table, held in place: looking a session up allocates nothing.
struct NameKey {
    private var storage = InlineArray<265, UInt8>(repeating: 0)
    private var count = 9

    /// Takes at most as many bytes of the name as fit; longer names are refused before they get here.
    init(_ kind: KeyLayout.NameKind, parent: UInt64, _ name: String) {
        storage[0] = kind.rawValue
        storage.write(parent, at: 1)
        for byte in name.utf8.prefix(KeyLayout.maximumNameBytes) {
            storage[count] = byte
            count += 1
        }
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span.extracting(first: count) }
    }
}

extension InlineArray where Element == UInt8 {
    /// Writes a number, most significant byte first.
    @inline(__always)
    mutating func write<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        let width = Number.bitWidth / 8
        for place in 0..<width {
            self[offset + place] = UInt8(truncatingIfNeeded: number >> Number((width - 1 - place) * 8))
        }
    }
}

extension Span<UInt8> {
    /// Reads a number of eight bytes, most significant first, or nil where the bytes end before.
    func bigEndian(at offset: Int) -> UInt64? {
        guard offset >= 0, offset + 8 <= count else { return nil }
        var number: UInt64 = 0
        for place in offset..<offset + 8 { number = number << 8 | UInt64(self[place]) }
        return number
    }

    /// Whether it begins with these bytes.
    func hasPrefix(_ prefix: Span<UInt8>) -> Bool {
        guard prefix.count <= count else { return false }
        for place in prefix.indices where self[place] != prefix[place] { return false }
        return true
    }
}
