internal import Logging
internal import MemoryCore
internal import MemoryJobs
internal import MemoryStore
internal import Synchronization

/// How many tokens calls of our own have used today, by purpose; kept in the store, so that a restart does
/// not begin the day anew.
final class TokenLedger: Sendable {
    /// Owns what belongs to nobody: no tenant has an empty name.
    private static let owner = SessionOwner(tenant: "", .user, "")
    private static let plugin = "models"
    private static let dayMicroseconds: Int64 = 86_400_000_000

    private struct Day {
        var number: Int64 = 0
        var tokens: [ModelPurpose: Int] = [:]
        var total: [ModelPurpose: Int] = [:]
    }

    private let storage: any MemoryStorage
    private let day = Mutex(Day())

    /// Goes on where the store says that the day stands.
    init(_ storage: any MemoryStorage) {
        self.storage = storage
        for purpose in ModelPurpose.allCases {
            guard let value = try? storage.value(purpose.rawValue, of: Self.plugin, owner: Self.owner),
                value.count == 16
            else { continue }
            let numbers = value.map(UInt64.init)
            func number(_ bytes: ArraySlice<UInt64>) -> Int64 {
                Int64(bitPattern: bytes.reduce(0) { $0 << 8 | $1 })
            }
            let stored = number(numbers[..<8])
            day.withLock { day in
                // What was used on an earlier day counts no longer.
                guard stored >= day.number else { return }
                if stored > day.number { day.tokens = [:] }
                day.number = stored
                day.tokens[purpose] = Int(clamping: number(numbers[8...]))
            }
        }
    }

    /// How long a purpose has to wait for tokens; nil where there are some.
    func wait(for purpose: ModelPurpose, bound: Int?, at now: Timestamp) -> Duration? {
        guard let bound else { return nil }
        let today = now.microseconds / Self.dayMicroseconds
        let used = day.withLock { $0.number == today ? $0.tokens[purpose] ?? 0 : 0 }
        guard used >= bound else { return nil }
        return .microseconds((today + 1) * Self.dayMicroseconds - now.microseconds)
    }

    /// A call has used tokens.
    func note(_ tokens: Int, for purpose: ModelPurpose, at now: Timestamp) {
        let today = now.microseconds / Self.dayMicroseconds
        let sum = day.withLock { day in
            if day.number != today {
                day.number = today
                day.tokens = [:]
            }
            day.tokens[purpose, default: 0] += tokens
            day.total[purpose, default: 0] += tokens
            return day.tokens[purpose] ?? 0
        }
        let numbers = [UInt64(bitPattern: today), UInt64(clamping: sum)]
        let value = numbers.flatMap { number in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
        }
        let entry = PluginEntry(
            owner: Self.owner, plugin: Self.plugin, key: purpose.rawValue, value: value)
        try? storage.apply([.keep(entry)], .withNextBatch)
    }

    /// Tokens since the start.
    func total(of purpose: ModelPurpose) -> Int { day.withLock { $0.total[purpose] ?? 0 } }
}
