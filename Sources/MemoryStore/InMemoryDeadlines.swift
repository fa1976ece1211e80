internal import MemoryCore

/// What is due when, the earliest first, so that whoever looks pays for what is due and not for what is kept.
struct InMemoryDeadlines<Subject: Equatable & Sendable, Order: Comparable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var moment: Timestamp
        var order: Order
        var subject: Subject

        var place: (Timestamp, Order) { (moment, order) }
    }

    /// The latest first: what is due is taken from the end, where that moves nothing.
    private var entries: [Entry] = []
    private let order: @Sendable (Subject) -> Order

    /// - Parameter order: which of those comes first that are due at the same moment.
    init(_ order: @escaping @Sendable (Subject) -> Order) {
        self.order = order
    }

    /// A subject is due at another moment than before; nil where it is not at all.
    mutating func move(_ subject: Subject, from old: Timestamp?, to new: Timestamp?) {
        guard old != new else { return }
        if let old, let index = index(of: subject, at: old) { entries.remove(at: index) }
        guard let new else { return }
        let entry = Entry(moment: new, order: order(subject), subject: subject)
        entries.insert(entry, at: start(of: entry.place))
    }

    /// The first moment there is.
    var first: Timestamp? { entries.last?.moment }

    /// What is due, at most `count` of those that count.
    func due(at now: Timestamp, count: Int, where isWanted: (Subject) -> Bool = { _ in true }) -> [Subject] {
        var found: [Subject] = []
        for entry in entries.reversed() {
            guard entry.moment <= now, found.count < count else { break }
            if isWanted(entry.subject) { found.append(entry.subject) }
        }
        return found
    }

    private func index(of subject: Subject, at moment: Timestamp) -> Int? {
        var index = start(of: (moment, order(subject)))
        while index < entries.count, entries[index].place == (moment, order(subject)) {
            if entries[index].subject == subject { return index }
            index += 1
        }
        return nil
    }

    /// Where the first entry stands that is due no later than that.
    private func start(of place: (Timestamp, Order)) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].place > place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
