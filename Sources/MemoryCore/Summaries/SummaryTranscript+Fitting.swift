extension SummaryTranscript {
    /// The transcript within so many estimated tokens: long messages without their middles, then without the
    /// messages in the middle, a line in their place; head and tail stay, the tail twice as much.
    ///
    /// Its text is never longer, and empty where not even that line fits.
    public func fitted(tokens: Int) -> SummaryTranscript {
        let room = max(tokens, 0) * 4
        var fitted = self
        var lines = fitted.costs
        guard total(lines) > room else { return self }
        for share in [2, 4, 8] {
            let most = max(room / share, Self.shortest)
            for (index, line) in lines.enumerated() where line > most {
                fitted.entries[index] = entries[index].cut(quarters: most)
                // What is left of it says nothing: it must not stay.
                lines[index] = fitted.entries[index].text.isEmpty ? room + 1 : fitted.entries[index].quarters
            }
            if total(lines) <= room { return fitted }
        }
        fitted.leaveOutMiddle(lines, room)
        return fitted
    }

    /// No message is cut to less, in quarters of a token.
    private static let shortest = 120

    /// What each line costs, its end included, in quarters of a token.
    private var costs: [Int] { entries.map(\.quarters) }

    private func total(_ lines: [Int]) -> Int {
        let omission =
            omitted.count > 0 ? TextCut.quarters(of: Self.omission(omitted.count, language)) + 1 : 0
        return lines.reduce(omission, +)
    }

    private mutating func leaveOutMiddle(_ lines: [Int], _ room: Int) {
        // A gap that is there already only grows.
        let (places, most) = (
            omitted.count > 0 ? omitted.place : entries.count, omitted.count + entries.count
        )
        var left = room - TextCut.quarters(of: Self.omission(most, language)) - 1
        guard left >= 0 else {
            entries = []
            omitted = (0, 0)
            return
        }
        var head = 0
        let headRoom = left / 3
        var spent = 0
        while head < places, spent + lines[head] <= headRoom {
            spent += lines[head]
            head += 1
        }
        left -= spent
        var tail = entries.count
        let floor = omitted.count > 0 ? max(omitted.place, head) : head
        while tail > floor, lines[tail - 1] <= left {
            tail -= 1
            left -= lines[tail]
        }
        let gone = tail - head
        entries.removeSubrange(head..<tail)
        omitted = (omitted.count + gone, head)
    }
}

extension SummaryTranscript.Entry {
    /// What its line costs, its end included.
    var quarters: Int { TextCut.quarters(of: line) + 1 }

    /// The message without its middle, its line within a cost.
    func cut(quarters room: Int) -> SummaryTranscript.Entry {
        var entry = self
        entry.text = ""
        let label = entry.quarters
        // Indenting adds to what the text costs by itself; so it is taken from the room until that holds.
        var textRoom = room - label
        while textRoom > 0 {
            entry.text = TextCut.withoutMiddle(text, quarters: textRoom)
            let over = entry.quarters - room
            guard over > 0 else { return entry }
            textRoom -= over
        }
        entry.text = ""
        return entry
    }
}
