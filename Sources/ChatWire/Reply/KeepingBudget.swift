/// How many bytes of a reply may still be kept.
struct KeepingBudget: Sendable {
    /// What a choice or a call counts besides its text.
    static let frame = 256

    private var left: Int
    /// Whether something did not fit. Nothing is kept behind a gap.
    private(set) var isExceeded = false

    init(_ limit: Int) {
        left = limit
    }

    /// Whether so many bytes may be kept; takes them.
    mutating func take(_ count: Int) -> Bool {
        if isExceeded || count > left {
            isExceeded = true
            return false
        }
        left -= count
        return true
    }
}
