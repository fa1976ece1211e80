/// Finds the name that a misspelled one was probably meant to be.
enum NearestName {
    /// The closest of the candidates, if one is close; among equals the first.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let wanted = Array(name.lowercased())
        guard wanted.count <= 64 else { return nil }
        let limit = wanted.count < 4 ? 1 : wanted.count < 8 ? 2 : 3
        let ranked = candidates.map { (name: $0, distance: distance(wanted, Array($0.lowercased()))) }
        let nearest = ranked.min { $0.distance < $1.distance }
        if let nearest, nearest.distance <= limit { return nearest.name }
        // A word cut short is near too: `lang`, `retry`.
        guard wanted.count > 2 else { return nil }
        return candidates.first { $0.lowercased().hasPrefix(String(wanted.dropLast())) }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                let substitution = last[j] + (character == other ? 0 : 1)
                var best = min(substitution, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, character == right[j - 1], left[i - 1] == other {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }

    /// What to do about a text that is none of some names.
    static func mend(_ text: String, among names: [String]) -> String {
        of(text, among: names).map { "Did you mean \"\($0)\"?" } ?? "Write one of them."
    }
}
