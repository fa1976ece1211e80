internal import SystemCalls

/// LMDB's data file, read without the library: enough to see whether opening it is safe, since the library
/// trusts what it maps and a page that is missing ends the process. Layout of LMDB 0.9, on 64-bit machines,
/// in their own byte order.
struct PageFile {
    /// What makes a file unfit.
    struct Fault: Error, Equatable {
        let words: String

        /// Nothing was ever committed to such a file.
        static let headless = Fault(words: "it ends within its head pages")
    }

    /// One of the two head pages.
    private struct Head {
        var pageBytes: Int
        var freeRoot: UInt64
        var mainRoot: UInt64
        var lastPage: UInt64
        var transaction: UInt64
    }

    private let path: String
    private let length: Int
    private let head: Head

    private static let headerBytes = 16
    private static let noPage = UInt64.max
    private static let branchMark: UInt16 = 1
    private static let leafMark: UInt16 = 2
    private static let overflowMark: UInt16 = 4
    private static let metaMark: UInt16 = 8

    /// Reads the head pages.
    init(_ path: String, length: Int) throws(Fault) {
        self.path = path
        self.length = length
        let first = try Self.head(at: 0, path)
        let second = try Self.head(at: first.pageBytes, path)
        guard second.pageBytes == first.pageBytes else { throw Fault(words: "its two head pages disagree") }
        head = second.transaction > first.transaction ? second : first
    }

    /// Checks that every page that holds something lies within the file, as far as roots and length can tell.
    func check() throws(Fault) {
        guard length >= 2 * head.pageBytes else { throw .headless }
        try checkTree(head.freeRoot)
        try checkTree(head.mainRoot)
        for root in try tableRoots() { try checkTree(root) }
        let present = UInt64(length / head.pageBytes)
        guard head.lastPage >= present else { return }
        // A file may be shorter than its last page where that page was freed before it was ever written.
        let missing = head.lastPage - present + 1
        guard try freePages(from: present) >= missing else {
            throw Fault(
                words: "it is \(length) bytes long and should have \(head.lastPage + 1) pages: it was cut")
        }
    }

    // MARK: - Pages

    private static func head(at offset: Int, _ path: String) throws(Fault) -> Head {
        let bytes = try read(path, at: offset, count: 152)
        guard
            let magic = bytes.span.number(at: 16, width: 4),
            let version = bytes.span.number(at: 20, width: 4),
            let marks = bytes.span.number(at: 10, width: 2),
            let pageBytes = bytes.span.number(at: 40, width: 4),
            let free = bytes.span.number(at: 80, width: 8), let main = bytes.span.number(at: 128, width: 8),
            let last = bytes.span.number(at: 136, width: 8),
            let transaction = bytes.span.number(at: 144, width: 8)
        else { throw .headless }
        guard magic == 0xBEEF_C0DE, marks & UInt64(metaMark) != 0 else {
            throw Fault(words: "its head pages are not those of a store")
        }
        guard version == 1 else { throw Fault(words: "its format has version \(version), not 1") }
        guard (512...65_536).contains(pageBytes), pageBytes.nonzeroBitCount == 1, last < UInt64.max >> 17
        else {
            throw Fault(words: "its head pages hold nonsense")
        }
        return Head(
            pageBytes: Int(pageBytes), freeRoot: free, mainRoot: main, lastPage: last,
            transaction: transaction)
    }

    private static func read(_ path: String, at offset: Int, count: Int) throws(Fault) -> [UInt8] {
        do throws(SystemError) {
            return try Files.read(path, from: Int64(offset), count: count)
        } catch {
            throw Fault(words: error.description)
        }
    }

    private func page(_ number: UInt64) throws(Fault) -> [UInt8] {
        guard number <= head.lastPage, (number + 1) * UInt64(head.pageBytes) <= UInt64(length) else {
            throw Fault(words: "page \(number) is missing: it was cut")
        }
        let bytes = try Self.read(path, at: Int(number) * head.pageBytes, count: head.pageBytes)
        guard bytes.count == head.pageBytes, bytes.span.number(at: 0, width: 8) == number else {
            throw Fault(words: "page \(number) is not what was written there")
        }
        return bytes
    }

    private func checkTree(_ root: UInt64) throws(Fault) {
        guard root != Self.noPage else { return }
        _ = try nodes(of: try page(root), root)
    }

    // MARK: - Trees

    private struct Nodes {
        var isBranch: Bool
        var offsets: [Int]
    }

    private func nodes(of page: [UInt8], _ number: UInt64) throws(Fault) -> Nodes {
        let span = page.span
        let marks = UInt16(span.number(at: 10, width: 2) ?? 0)
        let lower = Int(span.number(at: 12, width: 2) ?? 0)
        let upper = Int(span.number(at: 14, width: 2) ?? 0)
        let isBranch = marks & Self.branchMark != 0
        guard isBranch != (marks & Self.leafMark != 0), lower >= Self.headerBytes, lower <= upper,
            upper <= page.count
        else { throw Fault(words: "page \(number) is not what was written there") }
        var offsets: [Int] = []
        for place in stride(from: Self.headerBytes, to: lower, by: 2) {
            let offset = Int(span.number(at: place, width: 2) ?? 0)
            guard offset >= upper, offset + 8 <= page.count else {
                throw Fault(words: "page \(number) is not what was written there")
            }
            offsets.append(offset)
        }
        return Nodes(isBranch: isBranch, offsets: offsets)
    }

    /// Visits the values of a tree: the page they stand in, where, and the marks of their node.
    private func values(
        of root: UInt64, depth: Int = 0, _ visit: ([UInt8], Int, UInt64) throws(Fault) -> Void
    ) throws(Fault) {
        guard root != Self.noPage else { return }
        guard depth < 32 else { throw Fault(words: "its tree has no end") }
        let bytes = try page(root)
        let nodes = try nodes(of: bytes, root)
        for offset in nodes.offsets {
            let span = bytes.span
            let low = span.number(at: offset, width: 4) ?? 0
            let marks = span.number(at: offset + 4, width: 2) ?? 0
            let keyBytes = Int(span.number(at: offset + 6, width: 2) ?? 0)
            if nodes.isBranch {
                try values(of: low | marks << 32, depth: depth + 1, visit)
            } else {
                try visit(bytes, offset + 8 + keyBytes, marks)
            }
        }
    }

    /// The roots of the named tables.
    private func tableRoots() throws(Fault) -> [UInt64] {
        var roots: [UInt64] = []
        try values(of: head.mainRoot) { (bytes, place, _) throws(Fault) in
            guard let root = bytes.span.number(at: place + 40, width: 8) else {
                throw Fault(words: "a table's entry is cut")
            }
            roots.append(root)
        }
        return roots
    }

    /// How many of the pages from `first` on are free.
    private func freePages(from first: UInt64) throws(Fault) -> UInt64 {
        var total: UInt64 = 0
        try values(of: head.freeRoot) { (bytes, place, marks) throws(Fault) in
            var list = bytes
            var start = place
            if marks & 1 != 0, let number = bytes.span.number(at: place, width: 8) {
                (list, start) = (try overflow(number), Self.headerBytes)
            }
            let count = Int(clamping: list.span.number(at: start, width: 8) ?? 0)
            for entry in 0..<min(count, (list.count - start) / 8 - 1) {
                if let page = list.span.number(at: start + 8 + entry * 8, width: 8), page >= first {
                    total += 1
                }
            }
        }
        return total
    }

    /// A value that takes whole pages, their header included.
    private func overflow(_ number: UInt64) throws(Fault) -> [UInt8] {
        let first = try page(number)
        let pages = Int(clamping: first.span.number(at: 12, width: 4) ?? 0)
        guard pages >= 1, (Int(number) + pages) * head.pageBytes <= length else {
            throw Fault(words: "page \(number) is missing: it was cut")
        }
        return try Self.read(path, at: Int(number) * head.pageBytes, count: pages * head.pageBytes)
    }
}

extension Span<UInt8> {
    /// A number in little-endian order, or nil where the bytes end before.
    fileprivate func number(at offset: Int, width: Int) -> UInt64? {
        guard offset >= 0, offset + width <= count else { return nil }
        var number: UInt64 = 0
        for place in 0..<width { number |= UInt64(self[offset + place]) << UInt64(place * 8) }
        return number
    }
}
