internal import JSONBytes
public import NIOCore

/// Looks for the model at the beginning of a body that is on its way through, without gathering the rest.
public struct ModelPeek {
    /// After so many bytes the model is no longer looked for.
    public static let limit = 1024 * 1024

    private var nextLook = 1

    /// Nothing seen yet.
    public init() {}

    /// What a beginning says.
    public enum Finding: Hashable, Sendable {
        /// The model, nil where the body names none in its first bytes.
        case model(String?)
        /// Not yet clear.
        case undecided
    }

    /// Looks at what has arrived so far; again only once that has doubled.
    public mutating func look(at beginning: ByteBuffer, isWhole: Bool) -> Finding {
        let isLast = isWhole || beginning.readableBytes >= Self.limit
        guard isLast || beginning.readableBytes >= nextLook else { return .undecided }
        nextLook = beginning.readableBytes * 2
        do throws(JSONSyntaxError) {
            return .model(try Self.model(in: beginning.readableBytesUInt8Span))
        } catch {
            return isLast ? .model(nil) : .undecided
        }
    }

    private static func model(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> String? {
        var cursor = JSONCursor(text: .lenient)
        cursor.skipWhitespace(in: bytes)
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            if name.name(in: bytes) == "model" { return try cursor.readText(in: bytes) }
            try cursor.skipValue(in: bytes)
        }
        return nil
    }
}
