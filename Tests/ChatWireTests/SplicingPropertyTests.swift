import ChatWire
import Foundation
import JSONBytes
import NIOCore
import RepeatableRandom
import Testing

@Suite("Splicing random requests")
struct SplicingPropertyTests {
    @Test("Only memory goes, only the messages come, and what is left is JSON", arguments: 0..<500)
    func splice(_ seed: UInt64) throws {
        var sample = RandomRequest(seed: seed)
        let body = ByteBuffer(string: sample.body)
        guard case .chat(let request) = try ChatRequest.locate(in: body) else {
            Issue.record("not a chat request: \(sample.body)")
            return
        }
        #expect(request.messages.map { String(buffer: request.bytes(of: $0)) } == sample.messages)
        var insertions: [ChatRequest.Insertion] = []
        var expected = sample.messages
        for number in 0..<Int.random(in: 0...2, using: &sample.random) {
            let index = Int.random(in: 0...sample.messages.count, using: &sample.random)
            let added = #"{"role":"user","content":"added \#(number)"}"#
            insertions.append(.init(before: index, [ByteBuffer(string: added)]))
        }
        for insertion in insertions.reversed().sorted(by: { $0.index > $1.index }) {
            expected.insert(contentsOf: insertion.messages.map { String(buffer: $0) }, at: insertion.index)
        }
        let spliced = request.spliced(inserting: insertions)
        try JSONCursor.validate(spliced.readableBytesUInt8Span)
        guard case .chat(let again) = try ChatRequest.locate(in: spliced) else {
            Issue.record("no chat request any more: \(String(buffer: spliced))")
            return
        }
        #expect(again.members.memory == nil)
        #expect(again.messages.map { String(buffer: again.bytes(of: $0)) } == expected)
        // What is left of the other members is what was there, byte for byte and in order.
        let before = withoutSpaces(sample.members.filter { !isMemory($0) && !isMessages($0) })
        let after = withoutSpaces(topLevelMembers(String(buffer: spliced)).filter { !isMessages($0) })
        #expect(after == before)
        if insertions.isEmpty, request.members.memory == nil {
            #expect(String(buffer: spliced) == sample.body)
        }
    }

    private func isMemory(_ member: String) -> Bool { member.contains(/^\s*"memor/) }

    private func isMessages(_ member: String) -> Bool { member.contains(/^\s*"mess/) }

    private func withoutSpaces(_ members: [String]) -> [String] {
        members.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    /// The members of an object as written, cut at the commas of the first level.
    private func topLevelMembers(_ text: String) -> [String] {
        var members: [String] = [""]
        var depth = 0
        var isInString = false
        var isEscaped = false
        for character in text.unicodeScalars {
            if isInString {
                if !isEscaped, character == "\"" { isInString = false }
                isEscaped = !isEscaped && character == "\\"
            } else if character == "\"" {
                isInString = true
            } else if character == "{" || character == "[" {
                depth += 1
                if depth == 1 { continue }
            } else if character == "}" || character == "]" {
                depth -= 1
                if depth == 0 { continue }
            } else if character == ",", depth == 1 {
                members.append("")
                continue
            }
            if depth > 0 { members[members.count - 1].unicodeScalars.append(character) }
        }
        return members
    }
}
