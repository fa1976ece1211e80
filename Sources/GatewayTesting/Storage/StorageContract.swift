public import MemoryCore
public import MemoryStore

/// What every storage engine promises, as checks that any engine can be put through.
public struct StorageContract: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    public let description: String
    private let check: @Sendable (StorageUnderTest) throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (StorageUnderTest) throws -> Void) {
        self.description = description
        self.check = check
    }

    /// Puts a new store of an engine through the check.
    ///
    /// - Throws: `ContractBroken`, or whatever the store threw where it should not.
    public func hold(over engine: StorageEngine) throws {
        try check(try engine.makeStorage())
    }

    /// Every promise.
    public static let all =
        rounds + names + amendments + journal + lifecycle + sizes + retries + memory
        + life + jobs + lists + retention + erasure
}

/// A promise that was not kept.
public struct ContractBroken: Error, CustomStringConvertible {
    /// What was promised, and what was found.
    public let description: String

    /// A broken promise by its words.
    public init(_ description: String) {
        self.description = description
    }
}

/// Throws unless two values are the same.
public func expectSame<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String)
    throws(ContractBroken)
{
    guard found == expected else { throw ContractBroken("\(what): found \(found), expected \(expected)") }
}

/// Throws unless something holds.
public func expectHolds(_ condition: Bool, _ what: String) throws(ContractBroken) {
    guard condition else { throw ContractBroken(what) }
}

/// Throws unless work fails with a code.
public func expectFailure(_ code: StoreError.Code, _ what: String, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as StoreError {
        return try expectSame(error.code, code, what)
    }
    throw ContractBroken("\(what): it did not fail")
}

extension TranscriptStore {
    /// The rounds of the active branch, oldest first.
    public func turns(of key: SessionKey) throws(StoreError) -> [StoredTurn] {
        var newestFirst: [StoredTurn] = []
        _ = try walkTurns(of: key) { turn in
            newestFirst.append(turn)
            return true
        }
        return newestFirst.reversed()
    }

    /// The messages of the active branch, oldest first, as they are stored.
    public func branch(of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        let walked = try turns(of: key).flatMap(\.messages)
        let all = try messages(of: key)
        return walked.compactMap { message in all.first { $0.node == message.node } }
    }
}
