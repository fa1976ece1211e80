/// What an id may be made of.
package enum IdentifierRules {
    /// The most bytes of an id.
    package static let maximumBytes = 256

    /// What is wrong with an id from a URL segment or a body: 1–256 bytes of UTF-8 without control
    /// characters.
    package static func faultOfFreeText(_ id: String) -> String? {
        if id.isEmpty { return "is empty" }
        if id.utf8.count > maximumBytes { return "has \(id.utf8.count) bytes" }
        let hasControl = id.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        return hasControl ? "holds a control character" : nil
    }

    /// What is wrong with an id from a header: 1–256 visible ASCII characters.
    package static func faultOfHeader(_ id: String) -> String? {
        if id.isEmpty { return "is empty" }
        if id.utf8.count > maximumBytes { return "has \(id.utf8.count) characters" }
        let isVisible = id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isVisible ? nil : "holds a character outside of '!' to '~'"
    }
}

extension IdentifierRules {
    /// The id that a header's characters stand for; where the escapes are none, the characters themselves.
    package static func decoded(header value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "%")) else { return value }
        return PercentCoding.decode(value[...]) ?? value
    }

    /// An id as a header's value: visible ASCII, everything else percent-encoded, so that it reads back the
    /// same.
    package static func headerValue(_ id: String) -> String {
        let isVisible = id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isVisible && decoded(header: id) == id ? id : PercentCoding.encode(id)
    }
}
