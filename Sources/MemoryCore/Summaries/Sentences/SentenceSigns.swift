/// What was found in a sentence.
struct SentenceSigns {
    /// Runs of digits.
    var numbers = 0
    /// Capitalised words within it, and Latin ones in a script without capitals.
    var names = 0
    /// Terms in quotes.
    var quoted = 0
    /// Words that tell something: in scripts without spaces half the letters.
    var words = 0
    /// Words of the table, by kind.
    private var cues = (own: 0, negation: 0, time: 0, wish: 0, greeting: 0)
    /// Whether it ends in a question mark.
    var asks = false
    /// Stands for its text.
    var hash = WordHash()
    /// Words that begin with a capital, the first of the sentence too.
    var capitals: [WordHash] = []
    /// The first word, if it begins with a capital and stands in no table.
    var first: WordHash?

    var own: Int { cues.own }
    var negations: Int { cues.negation }
    var times: Int { cues.time }
    var wishes: Int { cues.wish }
    var greetings: Int { cues.greeting }

    private mutating func count(_ kind: SentenceCues.Kind) {
        switch kind {
        case .own: cues.own += 1
        case .negation: cues.negation += 1
        case .time: cues.time += 1
        case .wish: cues.wish += 1
        case .greeting: cues.greeting += 1
        case .empty: break
        }
    }

    // MARK: Reading

    /// A word in the making.
    private struct Word {
        var hash = WordHash()
        var length = 0
        var isCapital = false
        var holdsDigit = false
    }

    /// Reads a sentence.
    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        var word = Word()
        var position = 0
        var unspaced = 0
        var skipped = range.lowerBound
        var quotation: UInt32?
        var at = range.lowerBound
        while at < range.upperBound {
            let (value, length) = text.scalar(at: at)
            let lowered = TextMarks.lowered(value)
            if TextMarks.isUnspaced(value) {
                end(&word, &position, behindUnspaced: unspaced)
                unspaced += 1
                hash.add(value)
                if at >= skipped { skipped = readPart(value, at, text, range.upperBound) ?? skipped }
            } else if TextMarks.isWord(value) {
                if word.length == 0 { word.isCapital = lowered != value }
                word.length += 1
                word.hash.add(lowered)
                word.holdsDigit = word.holdsDigit || TextMarks.isDigit(value)
                hash.add(lowered)
            } else {
                end(&word, &position, behindUnspaced: unspaced)
                if value == quotation {
                    quoted += 1
                    quotation = nil
                } else if let closing = TextMarks.closing(of: value) {
                    quotation = closing
                }
                if range.upperBound - at <= 8, Self.asks(value, text, at) { asks = true }
            }
            at += length
        }
        end(&word, &position, behindUnspaced: unspaced)
        words += unspaced / 2
    }

    private static func asks(_ value: UInt32, _ text: Span<UInt8>, _ at: Int) -> Bool {
        if value == 0x3B { return text.scalar(before: at).map(TextMarks.isGreek) ?? false }
        return TextMarks.asks(value)
    }

    /// A word of the table within others: where it ends.
    private mutating func readPart(_ first: UInt32, _ start: Int, _ text: Span<UInt8>, _ end: Int) -> Int? {
        guard let parts = SentenceCues.all.parts(beginning: first) else { return nil }
        for part in parts {
            var at = start
            var matched = 0
            while matched < part.scalars.count, at < end {
                let (value, length) = text.scalar(at: at)
                guard value == part.scalars[matched] else { break }
                matched += 1
                at += length
            }
            if matched == part.scalars.count {
                count(part.kind)
                return at
            }
        }
        return nil
    }

    private mutating func end(_ word: inout Word, _ position: inout Int, behindUnspaced unspaced: Int) {
        guard word.length > 0 else { return }
        defer {
            word = Word()
            position += 1
        }
        if word.holdsDigit {
            numbers += 1
            words += 1
            return
        }
        if let kind = SentenceCues.all.kind(word.hash) {
            count(kind)
            return
        }
        if word.length > 2 { words += 1 }
        guard word.isCapital || unspaced > 0, word.length > 1 else { return }
        if word.isCapital { capitals.append(word.hash) }
        if position > 0 || unspaced > 0 { names += 1 } else { first = word.hash }
    }
}
