/// Appends well-formed JSON to bytes: escapes, commas and nesting are its business.
///
///     var writer = JSONWriter()
///     writer.object { $0.member("error") { $0.object { $0.member("code", "invalid_mode") } } }
///
/// A call that would make broken JSON (a value without a name in an object, a second document) is a mistake
/// of ours and stops the process.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8]
    private var place = Place.document
    private var needsComma = false

    /// Where the next value would stand.
    private enum Place {
        case document, array, object, member, end
    }

    /// A writer behind bytes that are there already; they are kept as they are.
    public init(appendingTo bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// An object whose members the closure writes.
    public mutating func object<Failure>(
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        let outside = begin(.object, UInt8(ascii: "{"))
        try members(&self)
        close(outside, UInt8(ascii: "}"))
    }

    /// An array whose elements the closure writes.
    public mutating func array<Failure>(
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        let outside = begin(.array, UInt8(ascii: "["))
        try elements(&self)
        close(outside, UInt8(ascii: "]"))
    }

    /// A member whose value the closure writes: exactly one.
    public mutating func member<Failure>(
        _ name: String, _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(place == .object, "a member outside an object")
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        Self.appendString(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        place = .member
        try value(&self)
        precondition(place == .end, "a member without a value")
        place = .object
        needsComma = true
    }

    /// A string.
    public mutating func string(_ value: String) {
        begin()
        Self.appendString(value, to: &bytes)
        end()
    }

    /// A whole number.
    public mutating func integer(_ value: some BinaryInteger) {
        raw(String(value).utf8)
    }

    /// A finite number in the shortest spelling that reads back the same.
    public mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON has no such number")
        raw(value.description.utf8)
    }

    /// `true` or `false`.
    public mutating func bool(_ value: Bool) {
        raw((value ? "true" : "false").utf8)
    }

    /// `null`.
    public mutating func null() {
        raw("null".utf8)
    }

    /// One value that is JSON already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        begin()
        bytes.append(contentsOf: json)
        end()
    }

    private mutating func begin(_ inside: Place, _ bracket: UInt8) -> Place {
        begin()
        let outside = place
        bytes.append(bracket)
        place = inside
        needsComma = false
        return outside
    }

    private mutating func close(_ outside: Place, _ bracket: UInt8) {
        bytes.append(bracket)
        place = outside
        end()
    }

    private mutating func begin() {
        precondition(place != .object && place != .end, "a value where none may stand")
        if place == .array, needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func end() {
        needsComma = true
        if place != .array { place = .end }
    }
}
