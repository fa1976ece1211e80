/// Takes their meaning from tags within a text.
enum FenceTags {
    /// A text in which a backslash follows the bracket of whatever begins like a tag, in any case and with
    /// any spaces: `<\/conversation>`.
    static func escaped(_ text: String, tags: [String]) -> String {
        let names = tags.map { Array($0.dropFirst().dropLast().utf8) }
        let bytes = Array(text.utf8)
        var escaped: [UInt8] = []
        escaped.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            escaped.append(byte)
            guard byte == UInt8(ascii: "<") else { continue }
            if names.contains(where: { isTag($0, bytes, place + 1) }) { escaped.append(UInt8(ascii: "\\")) }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func isTag(_ name: [UInt8], _ bytes: [UInt8], _ place: Int) -> Bool {
        var at = skipSpaces(bytes, place)
        if at < bytes.count, bytes[at] == UInt8(ascii: "/") { at = skipSpaces(bytes, at + 1) }
        guard at + name.count <= bytes.count else { return false }
        return zip(bytes[at...], name).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    private static func skipSpaces(_ bytes: [UInt8], _ place: Int) -> Int {
        var at = place
        while at < bytes.count, bytes[at] == 0x20 || (0x09...0x0D).contains(bytes[at]) { at += 1 }
        return at
    }
}
