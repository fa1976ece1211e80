/// An address of the internet protocol, versions 4 and 6, in one form: a mapped version 4 address is that
/// address.
public struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes in network order.
    public let bytes: [UInt8]

    /// The address that a text spells: dotted decimal with four parts, or hexadecimal groups with colons,
    /// without brackets or zone.
    public init?(_ text: String) {
        if let bytes = Self.version4(text) {
            self.bytes = bytes
        } else if let bytes = Self.version6(text) {
            let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            self.bytes = bytes.starts(with: mapped) ? Array(bytes.dropFirst(12)) : bytes
        } else {
            return nil
        }
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
    }

    /// Whether it belongs to a private network or to a single link.
    public var isPrivate: Bool {
        guard bytes.count == 4 else {
            return bytes[0] & 0xFE == 0xFC || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
        }
        switch (bytes[0], bytes[1]) {
        case (10, _), (192, 168), (172, 16...31), (169, 254): return true
        default: return false
        }
    }

    /// Whether it stands for every address of this machine.
    public var isAny: Bool { bytes.allSatisfy { $0 == 0 } }

    private static func version4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some resolvers: refused rather than guessed.
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        guard let gap = text.gap else {
            return groups(text[...]).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let front = groups(text[..<gap.lowerBound]), let back = groups(text[gap.upperBound...]) else {
            return nil
        }
        let missing = 16 - front.count - back.count
        return missing >= 2 ? front + [UInt8](repeating: 0, count: missing) + back : nil
    }

    /// The bytes of groups with colons; the last one may be a version 4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let tail = version4(String(part)) {
                bytes += tail
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension String {
    /// Where `::` stands, if it does.
    fileprivate var gap: Range<String.Index>? {
        for index in indices where self[index] == ":" {
            let next = self.index(after: index)
            if next < endIndex, self[next] == ":" { return index..<self.index(after: next) }
        }
        return nil
    }
}
