/// A place in JSON text that moves over it and checks what it passes: RFC 8259, UTF-8, nesting.
///
/// The text is lent to each call as a span (a struct that holds one would need an experimental feature); the
/// same text every time, or offsets mean nothing. A call that throws leaves the cursor anywhere: do not go on
/// with it.
public struct JSONCursor: Sendable {
    /// How bytes that are no UTF-8 are taken.
    public enum TextRule: Sendable {
        /// They are a fault.
        case strict
        /// They pass; decoding reads them as U+FFFD.
        case lenient
    }

    /// The nesting that no caller may exceed, so that recursion stays within any thread's stack.
    public static let deepest = 1024

    /// Bytes passed so far.
    public var offset: Int
    /// Containers that may still be opened inside the current one.
    @usableFromInline var levels: Int
    /// How bytes that are no UTF-8 are taken.
    @usableFromInline let text: TextRule

    /// A cursor at an offset.
    ///
    /// - Parameter maxDepth: containers inside each other, 1 to `deepest`; the contract's limit is 128.
    public init(at offset: Int = 0, maxDepth: Int = 128, text: TextRule = .strict) {
        precondition((1...Self.deepest).contains(maxDepth), "depth out of range")
        self.offset = offset
        self.levels = maxDepth
        self.text = text
    }

    /// Checks that the bytes are one JSON text.
    public static func validate(_ bytes: Span<UInt8>, maxDepth: Int = 128) throws(JSONSyntaxError) {
        var cursor = JSONCursor(maxDepth: maxDepth)
        cursor.skipWhitespace(in: bytes)
        try cursor.skipValue(in: bytes)
        try cursor.expectEnd(in: bytes)
    }

    /// Passes spaces, tabs and line ends.
    @inlinable @inline(__always)
    public mutating func skipWhitespace(in bytes: Span<UInt8>) {
        while offset < bytes.count, bytes[offset] <= 0x20 {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset &+= 1
        }
    }

    /// The byte under the cursor, nil at the end.
    @inlinable @inline(__always)
    public func peek(in bytes: Span<UInt8>) -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    /// Passes one value of any kind; the cursor stands on its first byte.
    public mutating func skipValue(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        switch peek(in: bytes) {
        case UInt8(ascii: "\"")?:
            _ = try skipString(in: bytes)
        case UInt8(ascii: "{")?:
            try beginObject(in: bytes)
            while try nextMember(in: bytes) != nil { try skipValue(in: bytes) }
        case UInt8(ascii: "[")?:
            try beginArray(in: bytes)
            while try nextElement(in: bytes) { try skipValue(in: bytes) }
        case UInt8(ascii: "t")?:
            try skipLiteral("true", in: bytes)
        case UInt8(ascii: "f")?:
            try skipLiteral("false", in: bytes)
        case UInt8(ascii: "n")?:
            try skipLiteral("null", in: bytes)
        default:
            try skipNumber(in: bytes)
        }
    }

    /// Passes trailing white space and checks that nothing follows.
    public mutating func expectEnd(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        skipWhitespace(in: bytes)
        if let byte = peek(in: bytes) { throw JSONSyntaxError(.trailingBytes, offset: offset, found: byte) }
    }

    /// The fault of a byte that cannot stand under the cursor.
    func unexpected(in bytes: Span<UInt8>) -> JSONSyntaxError {
        guard let byte = peek(in: bytes) else { return JSONSyntaxError(.unexpectedEnd, offset: offset) }
        return JSONSyntaxError(.unexpectedByte, offset: offset, found: byte)
    }

    private mutating func skipLiteral(_ literal: String, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        for byte in literal.utf8 {
            guard peek(in: bytes) == byte else { throw unexpected(in: bytes) }
            offset &+= 1
        }
    }
}
