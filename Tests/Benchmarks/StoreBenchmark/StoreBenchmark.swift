import GatewayTesting
import LMDBMemoryStore
import MemoryCore
import MemoryStore
import SystemCalls

/// Times the store over LMDB on the disk of a folder: `StoreBenchmark [folder] [sessions]`, one line per
/// figure.
///
/// Build it with `-c release`. Figures of the disk say as much of the machine as of the store: run it twice.
@main
struct StoreBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let folder = arguments.first ?? "store-benchmark"
        let sessions = arguments.dropFirst().first.flatMap(Int.init) ?? 200_000
        let storage = try LMDBStorage.open(at: folder)
        defer { storage.close() }
        let known = try storage.statistics().sessions
        print("store in \(folder), \(known) sessions")
        for (writers, rounds) in [(1, 1000), (16, 16_000), (64, 64_000)] {
            try AppendBenchmark(storage: storage, writers: writers, rounds: rounds).run()
        }
        try WindowBenchmark(storage: storage, sessions: sessions).run()
    }
}

/// A span of wall and processor time.
struct Stopwatch {
    private let wall = SystemClock.monotonicNanoseconds()
    private let processor = SystemClock.processCPUNanoseconds()

    /// Microseconds since it was made.
    var microseconds: Double { Double(SystemClock.monotonicNanoseconds() - wall) / 1000 }
    /// Microseconds of all the process's threads since it was made.
    var processorMicroseconds: Double { Double(SystemClock.processCPUNanoseconds() - processor) / 1000 }
}

/// A number as text with so many decimals.
func text(_ number: Double, decimals: Int = 1) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((number * Double(scale)).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
}

extension [Double] {
    /// The value below which a share of a sorted list lies.
    func percentile(_ share: Double) -> Double {
        isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
