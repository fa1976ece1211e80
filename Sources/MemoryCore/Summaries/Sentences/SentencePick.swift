internal import ChatWire
internal import JSONBytes

/// The sentences of messages, each with its weight, and the choice among them.
struct SentencePick {
    private struct Sentence {
        var entry: Int
        var range: Range<Int>
        var quarters: Int
        var weight: Double
        var hash: WordHash
    }

    private struct Message {
        var text: [UInt8]
        var label: String
        var labelQuarters: Int
    }

    /// Is added to what a sentence costs before its weight is divided by it: else the shortest ones win.
    private static let frame = 170

    private var messages: [Message] = []
    private var sentences: [Sentence] = []
    /// What all of them cost, with the names of their speakers.
    private(set) var quarters = 0

    /// Whether there are none.
    var isEmpty: Bool { sentences.isEmpty }

    /// The sentences of messages.
    ///
    /// - Parameter speakers: the names of all who speak: said in a sentence they tell nothing.
    init(_ entries: [SummaryTranscript.Entry], speakers: Set<String>) {
        var read: [(signs: SentenceSigns, place: Int)] = []
        for (number, entry) in entries.enumerated() {
            let label = entry.speaker.isEmpty ? "" : entry.speaker + ": "
            let message = Message(
                text: Array(entry.text.utf8), label: label, labelQuarters: TextCut.quarters(of: label))
            for (place, range) in SentenceBreaks(message.text.span).ranges.enumerated() {
                let signs = SentenceSigns(message.text.span, range)
                let cost = TokenEstimate.quarters(of: message.text.span.extracting(range)) + 1
                read.append((signs, place))
                sentences.append(
                    Sentence(entry: number, range: range, quarters: cost, weight: 0, hash: signs.hash))
                quarters += cost + message.labelQuarters
            }
            messages.append(message)
        }
        weigh(read, entries, Self.words(of: speakers))
    }

    private mutating func weigh(
        _ read: [(signs: SentenceSigns, place: Int)], _ entries: [SummaryTranscript.Entry],
        _ speakers: Set<WordHash>
    ) {
        // A word that is capitalised within a sentence is a name at the start of another one, too.
        var known: Set<WordHash> = []
        for (signs, _) in read {
            for word in signs.capitals where word != signs.first { known.insert(word) }
        }
        known.subtract(speakers)
        var asked = (entry: -1, last: false)
        var isAnswer = false
        for (index, (signs, place)) in read.enumerated() {
            let entry = sentences[index].entry
            if entry != asked.entry { isAnswer = asked.last }
            asked = (entry, signs.asks)
            let spoken = signs.capitals.count { speakers.contains($0) && $0 != signs.first }
            let begins = signs.first.map(known.contains) == true
            sentences[index].weight =
                SentenceWeight(
                    signs, names: max(signs.names - spoken, 0) + (begins ? 1 : 0),
                    isOwn: entries[entry].role == .user, place: place, answers: isAnswer
                ).value
        }
    }

    private static func words(of speakers: Set<String>) -> Set<WordHash> {
        var words: Set<WordHash> = []
        for word in speakers.flatMap({ $0.split(separator: " ") }) {
            var hash = WordHash()
            for scalar in word.unicodeScalars { hash.add(TextMarks.lowered(scalar.value)) }
            words.insert(hash)
        }
        return words
    }

    // MARK: Choosing

    /// The best sentences that cost no more together, in their order.
    func text(quarters room: Int) -> String {
        guard quarters > room else { return rendered(Array(sentences.indices)) }
        let order = ranked
        var chosen: Set<Int> = []
        var seen: Set<WordHash> = []
        var left = room
        // Names are charged to each sentence at first; what neighbours share is spent in the next turns, in
        // which a sentence may part two of one speaker and cost another name.
        var parting = 0
        for _ in 0..<3 {
            let before = chosen.count
            for index in order where !chosen.contains(index) {
                let sentence = sentences[index]
                let cost = sentence.quarters + messages[sentence.entry].labelQuarters + parting
                guard cost <= left, seen.insert(sentence.hash).inserted else { continue }
                chosen.insert(index)
                left -= cost
            }
            guard chosen.count > before else { break }
            left = room - TextCut.quarters(of: rendered(chosen.sorted()))
            parting = 1 + (messages.lazy.map(\.labelQuarters).max() ?? 0)
        }
        if chosen.isEmpty, let best = order.first { return cut(best, room) }
        return rendered(chosen.sorted())
    }

    /// By weight for their cost, the earlier of two that are alike first.
    private var ranked: [Int] {
        let values = sentences.map { $0.weight / Double($0.quarters + Self.frame) }
        return sentences.indices.sorted { (values[$0], $1) > (values[$1], $0) }
    }

    /// A line for each run of sentences of one speaker.
    private func rendered(_ indices: [Int]) -> String {
        var bytes: [UInt8] = []
        var speaker: String?
        for index in indices {
            let sentence = sentences[index]
            let message = messages[sentence.entry]
            if speaker == message.label {
                let last = bytes.span.scalar(before: bytes.count) ?? 0
                if !TextMarks.isWide(last) { bytes.append(UInt8(ascii: " ")) }
            } else {
                if speaker != nil { bytes.append(UInt8(ascii: "\n")) }
                bytes.append(contentsOf: message.label.utf8)
                speaker = message.label
            }
            bytes.append(message.text.span, sentence.range)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The beginning of a sentence that is longer than there is room.
    private func cut(_ index: Int, _ room: Int) -> String {
        TextCut.beginning(of: rendered([index]), quarters: room)
    }
}
