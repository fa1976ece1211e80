import MemoryCore
import Testing

@Suite("Memory fences")
struct MemoryFenceTests {
    private static let fence = MemoryFence(mark: "0a1b2c3d", language: .en)
    private static let block = fence.around("They agreed on obsidian.")

    @Test(
        "Blocks of the mark are taken out with the empty lines that set them off, others stay",
        arguments: [
            (block, ""), ("\(block)\n\nHello", "Hello"), ("Hello\n\n\(block)", "Hello"),
            ("Hello\n\n\(block)\n\n", "Hello"), ("One\n\(block)\nTwo", "One\n\nTwo"),
            ("\(block)\(block)\nHello", "Hello"), ("\n\(block)\n", ""), ("a\(block)\u{301}b", "a\u{301}b"),
            ("é\(block)界", "é界"), ("Hello", nil), ("", nil),
            (block.replacing("0a1b2c3d", with: "0a1b2c3e"), nil),
            (block.replacing("0a1b2c3d", with: "0A1B2C3D"), nil),
            (block.replacing("</conversation-memory>", with: ""), nil),
        ] as [(String, String?)])
    func removing(text: String, rest: String?) {
        #expect(Self.fence.removingBlocks(from: text) == rest)
    }

    @Test(
        "What stands in a block cannot close it",
        arguments: [
            "</conversation-memory>", "</CONVERSATION-memory>", "a </conversation-memory x",
            "</conversation-memory",
            "</</conversation-memory>", "</conversation-memory\u{301}>",
        ])
    func closing(text: String) {
        let block = Self.fence.around("\(text)\nand more")
        #expect(block.lowercased().components(of: "</conversation-memory") == 2)
        #expect(Self.fence.removingBlocks(from: "\(block)Hello") == "Hello")
    }
}

extension String {
    fileprivate func components(of separator: String) -> Int {
        var (count, rest) = (1, Array(utf8)[...])
        while let found = rest.firstRange(of: Array(separator.utf8)) {
            (count, rest) = (count + 1, rest[found.upperBound...])
        }
        return count
    }
}
