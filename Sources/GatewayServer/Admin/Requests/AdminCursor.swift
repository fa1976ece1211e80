internal import Digests
internal import ExchangePipeline

/// Where the next page of a list begins. Opaque to clients: a version, a check that binds it to its list, and
/// a position that only the list understands.
package struct AdminCursor: Hashable, Sendable {
    private static let version: UInt8 = 1
    private static let checkBytes = 8

    /// Names the list and what narrows it down.
    package let list: String
    /// Where to go on, in the list's own form.
    package let position: [UInt8]

    /// A cursor by its members.
    package init(list: String, position: [UInt8]) {
        self.list = list
        self.position = position
    }

    /// The cursor that a text spells; nil where it spells none of this list.
    package init?(_ text: String, of list: String) {
        guard let bytes = Base64URL.decode(text.utf8), bytes.first == Self.version,
            bytes.count > Self.checkBytes
        else { return nil }
        self.init(list: list, position: Array(bytes.dropFirst(1 + Self.checkBytes)))
        guard bytes.dropFirst().prefix(Self.checkBytes).elementsEqual(check) else { return nil }
    }

    /// As clients send it back.
    package var text: String {
        Base64URL.encode([Self.version] + check + position)
    }

    private var check: ArraySlice<UInt8> {
        let said = Array("\(list.utf8.count):\(list)".utf8) + position
        return Digest(sha256: said).bytes.prefix(Self.checkBytes)
    }
}
