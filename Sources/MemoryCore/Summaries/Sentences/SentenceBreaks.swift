/// Where the sentences of a text lie, in bytes: without the white space around them, lines of code left out.
///
/// A full stop in a number, an abbreviation, initials or an address ends none. What is longer than
/// `longest` quarters of a token is parted at clauses, else at spaces.
struct SentenceBreaks {
    /// In quarters of a token.
    static let longest = 240
    /// Of one text; what is behind is not looked at.
    static let bytes = 1 << 16

    private(set) var ranges: [Range<Int>] = []

    /// The sentences of UTF-8.
    init(_ text: Span<UInt8>) {
        let end = Self.scalarStart(text, min(text.count, Self.bytes))
        var at = 0
        var start = 0
        var isCode = false
        while at < end {
            let (value, length) = text.scalar(at: at)
            at += length
            if TextMarks.isNewline(value) {
                add(start..<at, text, &isCode)
            } else if let after = Self.end(behind: at, value, text, from: start, to: end) {
                at = after
                add(start..<at, text, &isCode)
            } else {
                continue
            }
            start = at
        }
        add(start..<end, text, &isCode)
    }

    private mutating func add(_ range: Range<Int>, _ text: Span<UInt8>, _ isCode: inout Bool) {
        let sentence = Self.trimmed(range, text)
        guard !sentence.isEmpty else { return }
        if Self.isFence(sentence, text) {
            isCode.toggle()
        } else if !isCode {
            part(sentence, text)
        }
    }

    private static func isFence(_ sentence: Range<Int>, _ text: Span<UInt8>) -> Bool {
        let tick = UInt8(ascii: "`")
        let start = sentence.lowerBound
        return sentence.count >= 3 && text[start] == tick && text[start + 1] == tick
            && text[start + 2] == tick
    }

    // MARK: Ends of sentences

    /// The place behind a sentence whose last mark ends at a place; nil where it goes on.
    private static func end(
        behind at: Int, _ value: UInt32, _ text: Span<UInt8>, from start: Int, to end: Int
    ) -> Int? {
        if TextMarks.endsSentence(value) { return behindMarks(at, text, end) }
        if value == 0x3B, let letter = text.scalar(before: at - 1), TextMarks.isGreek(letter) { return at }
        guard value == 0x2E || value == 0x21 || value == 0x3F || value == 0x2026 else { return nil }
        let after = behindMarks(at, text, end)
        guard after < end else { return after }
        let next = text.scalar(at: after).value
        let width = value == 0x2026 ? 3 : 1
        let isBehindWide = text.scalar(before: at - width).map(TextMarks.isUnspaced) ?? false
        if !TextMarks.isSpace(next) {
            let isBreak = TextMarks.isUnspaced(next) || isBehindWide && !TextMarks.isWord(next)
            return isBreak && value != 0x2026 ? after : nil
        }
        if value != 0x2E { return after }
        return isFullStop(at - 1, text, from: start, next: skipSpaces(after, text, end), end) ? after : nil
    }

    /// Further marks and closing quotes belong to the sentence.
    private static func behindMarks(_ place: Int, _ text: Span<UInt8>, _ end: Int) -> Int {
        var at = place
        while at < end {
            let (value, length) = text.scalar(at: at)
            let isMark = value == 0x2E || value == 0x21 || value == 0x3F || value == 0x2026
            guard isMark || TextMarks.endsSentence(value) || TextMarks.closes(value) else { break }
            at += length
        }
        return at
    }

    /// Whether a full stop before a space ends a sentence.
    private static func isFullStop(
        _ dot: Int, _ text: Span<UInt8>, from start: Int, next: Int, _ end: Int
    ) -> Bool {
        guard next < end else { return true }
        let follower = text.scalar(at: next).value
        if TextMarks.isWord(follower), TextMarks.lowered(follower) == follower, isCased(follower) {
            return false
        }
        var first = dot
        while first > start, !TextMarks.isSpace(text.scalar(before: first) ?? 0x20), dot - first < 12 {
            first -= 1
            while first > start, text[first] & 0xC0 == 0x80 { first -= 1 }
        }
        let word = Self.word(text, first..<dot)
        if word.isEmpty { return true }
        if word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            let isListed = trimmed(start..<first, text).isEmpty
            return !isListed && !(word.utf8.count <= 2 && isMonth(next, text, end))
        }
        if word.unicodeScalars.count == 1, word != "i", !word.utf8.allSatisfy({ $0 < 0x30 }) {
            return TextMarks.isUnspaced(word.unicodeScalars.first?.value ?? 0)
        }
        if abbreviationsBeforeNumbers.contains(word), TextMarks.isDigit(follower) { return false }
        return !abbreviations.contains(word)
    }

    private static func isCased(_ value: UInt32) -> Bool {
        switch value {
        case 0x61...0x7A, 0xDF...0xFF, 0x100...0x17F, 0x3AC...0x3CE, 0x430...0x45F, 0x561...0x587: true
        default: false
        }
    }

    /// A word in small letters, without an opening bracket or quote.
    private static func word(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        var word = String.UnicodeScalarView()
        var at = range.lowerBound
        while at < range.upperBound {
            let (value, length) = text.scalar(at: at)
            at += length
            guard !word.isEmpty || TextMarks.isWord(value) else { continue }
            if let scalar = Unicode.Scalar(TextMarks.lowered(value)) { word.append(scalar) }
        }
        return String(word)
    }

    /// German and its neighbours: «am 3. Mai».
    private static func isMonth(_ place: Int, _ text: Span<UInt8>, _ end: Int) -> Bool {
        var after = place
        while after < end, after - place < 16 {
            let (value, length) = text.scalar(at: after)
            guard TextMarks.isWord(value) else { break }
            after += length
        }
        return months.contains(word(text, place..<after))
    }

    private static let months: Set<String> = [
        "januar", "jänner", "februar", "märz", "april", "mai", "juni", "juli", "august", "september",
        "oktober", "november", "dezember", "januari", "maj", "marts", "desember",
    ]
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "eg", "ie", "jr", "sr", "mt", "z.b", "d.h",
        "u.a", "o.ä", "bzw", "ca", "evtl", "ggf", "inkl", "dipl", "hr", "fr", "sra", "dra", "ud", "uds",
        "mme",
        "mlle", "p.ej", "p.ex", "т.е", "т.к", "ул", "им", "cf", "approx", "incl",
    ]
    private static let abbreviationsBeforeNumbers: Set<String> = [
        "no", "nr", "núm", "fig", "vol", "p", "pp", "tel", "abs", "art", "стр", "ch", "sec",
    ]

    // MARK: Parts of long ones

    private mutating func part(_ sentence: Range<Int>, _ text: Span<UInt8>) {
        var start = sentence.lowerBound
        while start < sentence.upperBound {
            let end = Self.cut(start, text, sentence.upperBound)
            let piece = Self.trimmed(start..<end, text)
            if !piece.isEmpty { ranges.append(piece) }
            start = end
        }
    }

    /// The end of what fits. A sentence that is too long is parted behind the last clause that fits and is
    /// not too short, else behind the last space, else where it is full.
    private static func cut(_ start: Int, _ text: Span<UInt8>, _ end: Int) -> Int {
        var at = start
        var spent = 0
        var clause: Int?
        var space: Int?
        while at < end {
            let (value, length) = text.scalar(at: at)
            spent += length >= 3 && TextMarks.isUnspaced(value) ? 4 : length
            guard spent <= longest || isJoined(value) else { break }
            at += length
            if TextMarks.isSpace(value) { space = at }
            let isClause = TextMarks.endsClause(value) && (length > 1 || at < end && text[at] == 0x20)
            if isClause, spent > longest / 4 { clause = at }
        }
        return at == end ? end : clause ?? space ?? at
    }

    /// Marks that belong to the letter before them.
    private static func isJoined(_ value: UInt32) -> Bool {
        switch value {
        case 0x300...0x36F, 0x200C, 0x200D, 0xFE00...0xFE0F, 0x20D0...0x20FF, 0x1F3FB...0x1F3FF,
            0xE0020...0xE007F:
            true
        case 0x900..<0x1100: Unicode.Scalar(value)?.properties.isGraphemeExtend ?? false
        default: false
        }
    }

    // MARK: Bounds

    private static func skipSpaces(_ place: Int, _ text: Span<UInt8>, _ end: Int) -> Int {
        var at = place
        while at < end {
            let (value, length) = text.scalar(at: at)
            guard TextMarks.isSpace(value) || TextMarks.closes(value) else { break }
            at += length
        }
        return at
    }

    private static func trimmed(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end {
            let (value, length) = text.scalar(at: start)
            guard TextMarks.isSpace(value) else { break }
            start += length
        }
        while end > start, let value = text.scalar(before: end), TextMarks.isSpace(value) {
            repeat { end -= 1 } while end > start && text[end] & 0xC0 == 0x80
        }
        return start..<end
    }

    private static func scalarStart(_ text: Span<UInt8>, _ place: Int) -> Int {
        var at = place
        while at > 0, at < text.count, text[at] & 0xC0 == 0x80 { at -= 1 }
        return at
    }
}
