internal import LMDBMemoryStore
public import MemoryStore
internal import SystemCalls

/// An engine as contract suites make it.
public struct StorageEngine: Sendable, CustomStringConvertible {
    /// Its name, for the test's.
    public let description: String
    private let make: @Sendable () throws -> StorageUnderTest

    /// An engine by its name and how a new, empty store of it is made.
    public init(_ description: String, _ make: @escaping @Sendable () throws -> StorageUnderTest) {
        self.description = description
        self.make = make
    }

    /// A new, empty store.
    public func makeStorage() throws -> StorageUnderTest {
        try make()
    }

    /// The engine in the process's own memory.
    public static let inMemory = StorageEngine("in memory") {
        StorageUnderTest(InMemoryStorage()) { old in
            guard let old = old as? InMemoryStorage else {
                throw ContractBroken("The store changed its engine.")
            }
            return old.reopened()
        }
    }

    /// The engine over LMDB, in a folder of its own.
    public static let lmdb = StorageEngine("LMDB") {
        let folder = try TemporaryFolder()
        let options = LMDBOptions(maximumBytes: 1 << 30)
        return StorageUnderTest(try LMDBStorage.open(at: folder.path, options)) { _ in
            try LMDBStorage.open(at: folder.path, options)
        }
    }

    /// Every engine.
    public static let all = [inMemory, lmdb]
}

/// A store that a test may close and open again.
public final class StorageUnderTest {
    /// The store that is open now.
    public private(set) var storage: any MemoryStorage
    private let openAgain: (any MemoryStorage) throws -> any MemoryStorage

    /// An open store, and how it is opened again once it is closed.
    public init(
        _ storage: any MemoryStorage, openAgain: @escaping (any MemoryStorage) throws -> any MemoryStorage
    ) {
        self.storage = storage
        self.openAgain = openAgain
    }

    /// Closes the store and opens it again.
    public func reopen() throws {
        storage.close()
        storage = try openAgain(storage)
    }

    deinit {
        storage.close()
    }
}
