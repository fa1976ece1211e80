internal import Foundation
internal import NIOCore

/// The writes and syncs of a gateway in the order in which they happened, as `sync-witness.c` noted them.
struct SyncTrace: Sendable {
    /// One call of the system.
    struct Call: Sendable {
        enum Kind: UInt32, Sendable {
            case socketWrite = 1
            case dataWrite = 2
            case dataSync = 3
        }

        var kind: Kind
        /// Where the count of calls stood when it was made and when it returned.
        var before: UInt64
        var after: UInt64
        /// Where in the data file.
        var offset: Int64
        var result: Int64
        /// Whether the file was opened so that a write returns when it is on the disk.
        var isSynchronous: Bool
        /// What was written.
        var bytes: Data

        init(
            _ kind: Kind, _ before: UInt64, _ after: UInt64, offset: Int64 = -1, result: Int64 = 0,
            isSynchronous: Bool = false, bytes: [UInt8] = []
        ) {
            self.kind = kind
            self.before = before
            self.after = after
            self.offset = offset
            self.result = result
            self.isSynchronous = isSynchronous
            self.bytes = Data(bytes)
        }

        func holds(_ text: String) -> Bool { bytes.range(of: Data(text.utf8)) != nil }

        /// A write of one of LMDB's two head pages: with it a transaction becomes valid.
        fileprivate var isHead: Bool { kind == .dataWrite && (0..<8192).contains(offset) }
    }

    private static let magic: UInt32 = 0x5749_5453

    var calls: [Call]

    /// A trace of calls that are known.
    init(_ calls: [Call]) {
        self.calls = calls.sorted { $0.before < $1.before }
    }

    /// Reads what the witness wrote.
    init(file path: String) throws {
        var bytes = ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
        var calls: [Call] = []
        while let call = Self.readCall(&bytes) { calls.append(call) }
        self.init(calls)
    }

    private static func readCall(_ bytes: inout ByteBuffer) -> Call? {
        guard bytes.readInteger(endianness: .little, as: UInt32.self) == magic,
            let kind = bytes.readInteger(endianness: .little, as: UInt32.self).flatMap(Call.Kind.init),
            let before = bytes.readInteger(endianness: .little, as: UInt64.self),
            let after = bytes.readInteger(endianness: .little, as: UInt64.self),
            let offset = bytes.readInteger(endianness: .little, as: Int64.self),
            let result = bytes.readInteger(endianness: .little, as: Int64.self),
            bytes.readInteger(endianness: .little, as: UInt32.self) != nil,
            let isSynchronous = bytes.readInteger(endianness: .little, as: UInt32.self),
            bytes.readInteger(endianness: .little, as: UInt32.self) != nil,
            let length = bytes.readInteger(endianness: .little, as: UInt32.self),
            let written = bytes.readBytes(length: Int(length))
        else { return nil }
        return Call(
            kind, before, after, offset: offset, result: result, isSynchronous: isSynchronous != 0,
            bytes: written)
    }

    /// Judges one reply: the page that holds it, the sync of the data, the head page that makes it valid,
    /// each on the disk before the next, and only then the write that tells the client that its reply is
    /// complete.
    ///
    /// - Parameters:
    ///   - reply: text of the reply as the store holds it.
    ///   - end: what the client is told last.
    /// - Returns: what is wrong, in words; nil for nothing.
    func fault(of reply: String, endingWith end: String) -> String? {
        guard let told = calls.first(where: { $0.kind == .socketWrite && $0.result > 0 && $0.holds(end) })
        else {
            return "nobody was told"
        }
        guard let page = calls.first(where: { $0.kind == .dataWrite && !$0.isHead && $0.holds(reply) }) else {
            return "no page holds it"
        }
        guard let head = calls.first(where: { $0.isHead && $0.before > page.after }) else {
            return "no head page follows"
        }
        guard calls.contains(where: { isSync($0) && $0.before > page.after && $0.after < head.before }) else {
            return "the head page was written before the data were synced"
        }
        guard let durable = durability(of: head) else { return "the head page was not synced" }
        return durable < told.before ? nil : "the client was told before the head page was on the disk"
    }

    private func isSync(_ call: Call) -> Bool { call.kind == .dataSync && call.result == 0 }

    /// The moment from which on a head page is on the disk.
    private func durability(of head: Call) -> UInt64? {
        if head.isSynchronous { return head.after }
        return calls.first { isSync($0) && $0.before > head.after }?.after
    }
}
