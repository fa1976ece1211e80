import JSONBytes
import RepeatableRandom
import Testing

@Suite("What the JSON cursor accepts")
struct RecognitionTests {
    @Test("Random texts pass", arguments: 0..<200)
    func randomTexts(_ seed: UInt64) throws {
        var json = RandomJSON(seed: seed)
        let text = json.value()
        try JSONCursor.validate(Array(text.utf8).span)
        #expect(ReferenceRecogniser.accepts(Array(text.utf8)))
    }

    @Test("Damaged texts pass exactly where the slow reference lets them pass", arguments: 0..<200)
    func damagedTexts(_ seed: UInt64) {
        var json = RandomJSON(seed: seed &+ 1_000_000)
        let original = Array(json.value().utf8)
        for _ in 0..<100 {
            let bytes = damaged(original, &json.random)
            let expected = ReferenceRecogniser.accepts(bytes)
            if accepts(bytes) != expected {
                Issue.record("\(bytes) \(String(decoding: bytes, as: UTF8.self)): reference says \(expected)")
            }
        }
    }

    @Test("Every two-byte and many longer beginnings of UTF-8 are judged as the standard library does")
    func utf8() {
        let probes: [UInt8] = [
            0x00, 0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
            0xEC, 0xED,
            0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for first in UInt8(0x80)...0xFF {
            for second in probes {
                for third in probes { check([first, second, third]) }
            }
        }
        for first in UInt8(0xEF)...0xF5 {
            for second in probes {
                for third in probes {
                    for fourth in probes { check([first, second, third, fourth]) }
                }
            }
        }
    }

    @Test("A run of three-byte characters is judged at each of its places", arguments: 0..<20)
    func threeByteRuns(_ place: Int) {
        let good = Array("世".utf8)
        for wrong in [[0xED, 0xA0, 0x80], [0xE0, 0x80, 0x80], [0xE4, 0x41, 0x80], [0xE4, 0xB8, 0x41]]
            as [[UInt8]]
        {
            var bytes: [UInt8] = []
            for index in 0..<20 { bytes += index == place ? wrong : good }
            check(bytes)
        }
        for right in ["\u{D7FF}", "\u{E000}", "\u{800}", "\u{FFFF}"] {
            var bytes: [UInt8] = []
            for index in 0..<20 { bytes += index == place ? Array(right.utf8) : good }
            #expect(accepts([0x22] + bytes + [0x22]))
        }
    }

    @Test("Hex digits of escapes are judged byte by byte", arguments: 0..<4)
    func hexDigits(_ place: Int) {
        for byte in UInt8(0x20)...0x7E where byte != 0x22 && byte != 0x5C {
            var escape = Array("\\u0000".utf8)
            escape[2 + place] = byte
            let isHex = Unicode.Scalar(byte).properties.isASCIIHexDigit
            // Once with room for a whole word behind it, once at the end of the text.
            #expect(accepts([0x22] + escape + Array("tail text\"".utf8)) == isHex)
            #expect(accepts([0x22] + escape + [0x22]) == isHex)
        }
    }

    @Test("Nesting is followed to the limit and not beyond")
    func depth() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        for limit in [1, 2, 128, JSONCursor.deepest] {
            #expect(throws: Never.self) { try JSONCursor.validate(nested(limit).span, maxDepth: limit) }
            let error = #expect(throws: JSONSyntaxError.self) {
                try JSONCursor.validate(nested(limit + 1).span, maxDepth: limit)
            }
            #expect(error?.code == .tooDeep)
            #expect(error?.offset == limit)
        }
    }

    @Test("Closed containers give their depth back")
    func siblings() throws {
        let text = "[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]"
        try JSONCursor.validate(Array(text.utf8).span, maxDepth: 3)
    }

    @Test("A lenient cursor passes what is no UTF-8, and nothing else more")
    func lenient() throws {
        let bytes: [UInt8] = [0x22, 0xFF, 0xC0, 0xE4, 0x22]
        #expect(!accepts(bytes))
        var cursor = JSONCursor(text: .lenient)
        let string = try cursor.skipString(in: bytes.span)
        #expect(string.content == 1..<4)
        #expect(string.text(in: bytes.span) == "\u{FFFD}\u{FFFD}\u{FFFD}")
        var strict = JSONCursor(text: .lenient)
        let control: [UInt8] = [0x22, 0xFF, 0x0A, 0x22]
        #expect(throws: JSONSyntaxError.self) { try strict.skipString(in: control.span) }
    }

    private func check(_ content: [UInt8]) {
        let bytes = [0x22] + content + [0x22]
        if accepts(bytes) != ReferenceRecogniser.accepts(bytes) { Issue.record("\(content)") }
    }

    private func accepts(_ bytes: [UInt8]) -> Bool {
        do {
            try JSONCursor.validate(bytes.span)
            return true
        } catch {
            return false
        }
    }

    private func damaged(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        let alphabet =
            Array("{}[]\",:\\u0e-+.1 \ntfn/".utf8) + [
                0x00, 0x1F, 0x7F, 0x80, 0xBF, 0xC3, 0xE4, 0xED, 0xF0, 0xFF,
            ]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let index = Int.random(in: 0..<max(1, bytes.count), using: &random)
            let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where index < bytes.count: bytes[index] = byte
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2: bytes.insert(byte, at: min(index, bytes.count))
            default: bytes = Array(bytes.prefix(index))
            }
        }
        return bytes
    }
}
