internal import MemoryStore

/// Reads the value of one entry. Whatever the bytes are, it answers or throws `damaged`; it never traps.
struct RecordReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 1
    private let record: StaticString

    /// Begins behind the version byte.
    ///
    /// - Parameters:
    ///   - version: the newest that is understood.
    ///   - record: what is read, for the error.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, version: UInt8, _ record: StaticString) throws(StoreError) {
        self.bytes = bytes
        self.record = record
        guard bytes.count > 0, bytes[0] == version else {
            throw StoreError(.damaged, "A \(record) in the store has a version that is not known.")
        }
    }

    /// How many bytes are left.
    var remaining: Int { bytes.count - position }

    @_lifetime(self: copy self)
    mutating func byte() throws(StoreError) -> UInt8 {
        guard position < bytes.count else { throw cut() }
        defer { position += 1 }
        return bytes[position]
    }

    @_lifetime(self: copy self)
    mutating func unsigned() throws(StoreError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw broken("a number is too long") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    @_lifetime(self: copy self)
    mutating func signed() throws(StoreError) -> Int64 {
        let folded = try unsigned()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    @_lifetime(self: copy self)
    mutating func integer() throws(StoreError) -> Int {
        Int(try signed())
    }

    @_lifetime(self: copy self)
    mutating func optionalSigned() throws(StoreError) -> Int64? {
        try flag() ? try signed() : nil
    }

    @_lifetime(self: copy self)
    mutating func flag() throws(StoreError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw broken("a mark is neither yes nor no")
        }
    }

    @_lifetime(self: copy self)
    mutating func fixed() throws(StoreError) -> UInt64 {
        guard let value = bytes.bigEndian(at: position) else { throw cut() }
        position += 8
        return value
    }

    @_lifetime(self: copy self)
    mutating func text() throws(StoreError) -> String {
        guard let text = String(utf8: try blob()) else { throw broken("a text is not UTF-8") }
        return text
    }

    @_lifetime(self: copy self)
    mutating func optionalText() throws(StoreError) -> String? {
        try flag() ? try text() : nil
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func blob() throws(StoreError) -> Span<UInt8> {
        let count = try count()
        defer { position += count }
        return bytes.extracting(position..<position + count)
    }

    /// A count of things that take at least a byte each, so never more than there are bytes left.
    @_lifetime(self: copy self)
    mutating func count() throws(StoreError) -> Int {
        let count = try unsigned()
        guard count <= UInt64(remaining) else { throw cut() }
        return Int(count)
    }

    /// A value of an enumeration.
    @_lifetime(self: copy self)
    mutating func kind<Kind: RawRepresentable<UInt8>>(_ type: Kind.Type) throws(StoreError) -> Kind {
        guard let kind = Kind(rawValue: try byte()) else { throw broken("a kind is not known") }
        return kind
    }

    /// Everything must have been read.
    func end() throws(StoreError) {
        guard remaining == 0 else { throw broken("it is longer than it should be") }
    }

    func broken(_ what: String) -> StoreError {
        StoreError(.damaged, "A \(record) in the store is damaged: \(what).")
    }

    private func cut() -> StoreError {
        broken("it is cut short")
    }
}

extension String {
    /// The text of bytes, or nil where they are not UTF-8.
    init?(utf8 bytes: Span<UInt8>) {
        guard let checked = try? UTF8Span(validating: bytes) else { return nil }
        self.init(copying: checked)
    }
}
