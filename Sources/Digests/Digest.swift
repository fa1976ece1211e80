internal import CCrypto

/// A SHA-256 digest or an HMAC-SHA-256 code: 32 bytes.
public struct Digest: Hashable, Sendable {
    /// Its length in bytes.
    public static let byteCount = 32

    /// The bytes.
    public let bytes: [UInt8]

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The SHA-256 of bytes (FIPS 180-4).
    public init(sha256 message: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let done = unsafe message.withUnsafeBytes { message in
            unsafe bytes.withUnsafeMutableBufferPointer { digest in
                unsafe memgate_sha256(message.baseAddress, message.count, digest.baseAddress)
            }
        }
        precondition(done == 1, "libcrypto has no memory")
        self.bytes = bytes
    }

    /// The HMAC-SHA-256 of bytes under a key (RFC 2104).
    public init(hmac message: [UInt8], key: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let done = unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBytes { message in
                unsafe bytes.withUnsafeMutableBufferPointer { code in
                    unsafe memgate_hmac_sha256(
                        key.baseAddress, Int32(clamping: key.count), message.baseAddress, message.count,
                        code.baseAddress)
                }
            }
        }
        precondition(done == 1, "libcrypto has no memory")
        self.bytes = bytes
    }

    /// The digest that 64 hex digits of either case spell; nil where they spell none.
    public init?(hex text: String) {
        let digits = text.utf8.map(Self.value)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes)
    }

    /// Whether other bytes are the same, in a time that tells nothing of where they differ.
    public func matches(_ other: [UInt8]) -> Bool {
        guard other.count == bytes.count else { return false }
        return zip(bytes, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// 64 lower-case hex digits.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
