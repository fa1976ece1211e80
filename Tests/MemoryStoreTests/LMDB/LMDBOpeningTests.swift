import GatewayTesting
import MemoryCore
import MemoryStore
import RepeatableRandom
import SystemCalls
import Testing

@testable import LMDBMemoryStore

@Suite("Opening a store over LMDB")
struct LMDBOpeningTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("makes missing folders, for their owner only")
    func folders() throws {
        let path = folder.path + "/a/b"
        try LMDBStorage.open(at: path).close()
        for made in [folder.path + "/a", path] {
            #expect(try Files.status(of: made)?.permissions == 0o700)
        }
        #expect(try Files.status(of: path + "/data.mdb")?.permissions == 0o600)
        for file in ["data.mdb", "lock.mdb", "format"] { try Files.remove(path + "/" + file) }
        try Files.removeFolder(path)
        try Files.removeFolder(folder.path + "/a")
    }

    @Test("is refused while this process has it open, by whatever path, and works again after closing")
    func twice() throws {
        let storage = try LMDBStorage.open(at: folder.path)
        #expect(code { try LMDBStorage.open(at: folder.path).close() } == .system)
        #expect(
            code { try LMDBStorage.open(at: folder.path + "/../" + folder.path.dropFirst(5)).close() }
                == .system)
        storage.close()
        try LMDBStorage.open(at: folder.path).close()
    }

    @Test("is refused where a file stands in the folder's place")
    func file() throws {
        try Files.write([1], to: folder.path + "/lock")
        #expect(code { try LMDBStorage.open(at: folder.path + "/lock").close() } == .system)
    }

    @Test("takes a lowered bound without losing anything, and only refuses more")
    func loweredBound() throws {
        let storage = try LMDBStorage.open(at: folder.path)
        for number in 1...200 { try storage.apply([.record(SampleTurns.turn(number))], .withNextBatch) }
        storage.close()
        let smaller = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: 65_536))
        #expect(try smaller.turns(of: SampleTurns.session()).count == 200)
        #expect(code { try smaller.commit(.record(SampleTurns.turn(201))) } == .full)
        smaller.close()
    }

    // MARK: - Damage

    @Test("a copy of the data file, taken while the store runs, holds everything that was settled")
    func copy() throws {
        let storage = try LMDBStorage.open(at: folder.path)
        for number in 1...30 {
            try storage.commit(.journal(SampleTurns.question(number)), .record(SampleTurns.turn(number)))
            guard number % 10 == 0 else { continue }
            let copy = try folder.copyOfDataFile()
            let opened = try LMDBStorage.open(at: copy.path)
            #expect(try opened.turns(of: SampleTurns.session()).map(\.round) == Array(1...number))
            #expect(
                try opened.messages(of: SampleTurns.session()) == storage.messages(of: SampleTurns.session()))
            opened.close()
        }
        storage.close()
    }

    @Test("a file that was cut is refused with words that help, or lost nothing")
    func cut() throws {
        let length = try fill(rounds: 400)
        var refused = 0
        let lengths = [1, 20, 4095, 4096, 4200, 8191, 8192, length / 2, length - 1]
        for left in lengths + stride(from: 12_288, to: length, by: 20_480) {
            let copy = try folder.copyOfDataFile()
            try Files.setLength(of: copy.dataFile, to: Int64(left))
            do throws(StoreError) {
                let storage = try LMDBStorage.open(at: copy.path)
                #expect(
                    try storage.turns(of: SampleTurns.session()).count == 400, "cut to \(left) of \(length)")
                storage.close()
            } catch {
                refused += 1
                expectHelp(error)
            }
        }
        #expect(refused >= lengths.count - 1)
    }

    @Test("a file whose head is zeros, garbage or text is refused with words that help")
    func garbage() throws {
        let length = try fill(rounds: 50)
        var random = SeededRandom(seed: 3)
        let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        let heads: [[UInt8]] = [
            [UInt8](repeating: 0, count: 4096), [UInt8](repeating: 0, count: 8192), Array(noise[..<4096]),
            noise,
            Array("not a store at all".utf8), [UInt8](repeating: 0xFF, count: length),
        ]
        for head in heads {
            try expectRefused { bytes in bytes.replaceSubrange(..<min(head.count, bytes.count), with: head) }
        }
    }

    @Test("a file of which one head page, the magic or the version is wrong is refused")
    func headPages() throws {
        _ = try fill(rounds: 50)
        try expectRefused { bytes in for place in 4096..<8192 { bytes[place] = 0 } }
        for place in [10, 16, 20, 40] { try expectRefused { bytes in bytes[place] ^= 0xFF } }
    }

    @Test("a file that ends before its last page is refused, though every tree's first page is there")
    func ending() throws {
        _ = try fill(rounds: 50)
        try expectRefused { bytes in for head in [0, 4096] { bytes[head + 136] += 3 } }
    }

    @Test("a file of which a tree's first page is gone is refused")
    func roots() throws {
        let length = try fill(rounds: 400)
        var refused = 0
        for page in 2..<length / 4096 {
            let copy = try folder.copyOfDataFile()
            var bytes = try Files.read(copy.dataFile, count: length)
            for place in 0..<16 { bytes[page * 4096 + place] = 0xAB }
            try Files.write(bytes, to: copy.dataFile)
            let file = try PageFile(copy.dataFile, length: length)
            do throws(PageFile.Fault) {
                try file.check()
            } catch {
                refused += 1
            }
        }
        // The main tree, and the tables that hold something.
        #expect(refused >= 6)
    }

    @Test("an emptied or vanished data file is refused where a store was made, and is none where none was")
    func emptied() throws {
        _ = try fill(rounds: 5)
        try Files.setLength(of: folder.dataFile, to: 0)
        expectHelp(#expect(throws: StoreError.self) { try LMDBStorage.open(at: folder.path) })
        try Files.remove(folder.dataFile)
        expectHelp(#expect(throws: StoreError.self) { try LMDBStorage.open(at: folder.path) })
        let fresh = try TemporaryFolder()
        try Files.write([], to: fresh.dataFile)
        let storage = try LMDBStorage.open(at: fresh.path)
        try storage.commit(.record(SampleTurns.turn(1)))
        storage.close()
    }

    /// Records rounds in commits of ten, so that the newest pages of the file are not the roots alone.
    private func fill(rounds: Int) throws -> Int {
        let storage = try LMDBStorage.open(at: folder.path)
        for number in 1...rounds {
            let change = MemoryChange.record(SampleTurns.turn(number))
            if number % 10 == 0 {
                try storage.commit(change)
            } else {
                try storage.apply([change], .withNextBatch)
            }
        }
        storage.close()
        return Int(try #require(try Files.status(of: folder.dataFile)).length)
    }

    private func expectRefused(_ damage: (inout [UInt8]) -> Void) throws {
        let copy = try folder.copyOfDataFile()
        var bytes = try Files.read(copy.dataFile, count: 1 << 26)
        damage(&bytes)
        try Files.write(bytes, to: copy.dataFile)
        expectHelp(#expect(throws: StoreError.self) { try LMDBStorage.open(at: copy.path) })
    }

    private func expectHelp(_ error: StoreError?) {
        #expect(error?.code == .damaged)
        #expect(error?.context.contains("data.mdb") == true)
        #expect(error?.context.contains("--data") == true)
        #expect(error?.context.contains("memgate import") == true)
    }
}

/// The code of the store's error that work ends in, or nil.
func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? StoreError)?.code
    }
}
