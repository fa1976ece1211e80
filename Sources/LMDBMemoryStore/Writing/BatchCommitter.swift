internal import MemoryCore
internal import MemoryStore

/// Commits batches: one transaction each. A list that cannot be applied for its own reasons fails alone; a
/// full store fails only what does not fit.
struct BatchCommitter: Sendable {
    let environment: Environment
    let applier: ChangeApplier
    let maximumBytes: Int
    let counters: StoreCounters

    /// What became of each list of a batch.
    typealias Outcome = Result<[ChangeReceipt], StoreError>

    /// Commits a batch and says what became of each list, in order. Whatever is a success is on the disk.
    func commit(_ lists: [PendingList]) -> [Outcome] {
        var outcomes = refuseWhatDoesNotFit(lists)
        while true {
            let open = outcomes.indices.filter { outcomes[$0] == nil }
            if open.isEmpty { break }
            switch attempt(open.map { lists[$0] }) {
            case .committed(let receipts):
                for (place, receipt) in zip(open, receipts) { outcomes[place] = .success(receipt) }
            case .refused(let place, let error):
                outcomes[open[place]] = .failure(error)
            case .failed(let error) where error.code == .full && open.count > 1:
                // Together they do not fit; the small ones may.
                for place in open { outcomes[place] = commitAlone(lists[place]) }
            case .failed(let error):
                for place in open { outcomes[place] = .failure(error) }
            }
        }
        return outcomes.map { $0 ?? .failure(StoreError(.system, "A change was left over.")) }
    }

    private enum Attempt {
        case committed([[ChangeReceipt]])
        /// One list, by its place, stands in the way for its own reasons.
        case refused(Int, StoreError)
        case failed(StoreError)
    }

    private func commitAlone(_ list: PendingList) -> Outcome {
        switch attempt([list]) {
        case .committed(let receipts): .success(receipts.first ?? [])
        case .refused(_, let error), .failed(let error): .failure(error)
        }
    }

    /// Writes and commits, or leaves everything as it was.
    private func attempt(_ lists: [PendingList]) -> Attempt {
        let recorded = Self.recorded(lists)
        var receipts: [[ChangeReceipt]] = []
        do throws(StoreError) {
            var transaction = try asStoreError { () throws(LMDBError) in try WriteTransaction(environment) }
            for list in lists {
                var done: [ChangeReceipt] = []
                for change in list.changes {
                    done.append(try applier.apply(change, recording: recorded, in: &transaction))
                }
                receipts.append(done)
            }
            do throws(LMDBError) {
                try transaction.commit()
            } catch {
                // Whatever the commit says, it speaks of all lists.
                return .failed(error.storeError)
            }
        } catch {
            switch error.code {
            case .tooLarge, .damaged: return .refused(receipts.count, error)
            default: return .failed(error)
            }
        }
        counters.count(commits: 1, changes: receipts.reduce(0) { $0 + $1.count })
        return .committed(receipts)
    }

    /// The exchanges that end in this batch: what they asked does not pass through the journal.
    private static func recorded(_ lists: [PendingList]) -> [ExchangeID: SessionKey] {
        var recorded: [ExchangeID: SessionKey] = [:]
        for list in lists {
            for case .record(let turn) in list.changes { recorded[turn.exchange.id] = turn.exchange.session }
        }
        return recorded
    }

    /// Holds `store.maxBytes`. The file's extent is an upper bound on what is used, so free pages are counted
    /// only once that bound is reached.
    private func refuseWhatDoesNotFit(_ lists: [PendingList]) -> [Outcome?] {
        var outcomes = [Outcome?](repeating: nil, count: lists.count)
        let wanted = lists.reduce(0) { $0 + $1.bytes }
        do throws(StoreError) {
            let pages = try asStoreError { () throws(LMDBError) in try environment.pageUse() }
            guard pages.reachedBytes + wanted + wanted / 4 > maximumBytes else { return outcomes }
            var room = maximumBytes - (try environment.usedBytes())
            for (place, list) in lists.enumerated() where !list.makesRoom {
                let needed = list.bytes + list.bytes / 4
                if needed <= room {
                    room -= needed
                } else {
                    outcomes[place] = .failure(
                        StoreError(.full, "The store is full: store.maxBytes is \(maximumBytes) bytes."))
                }
            }
        } catch {
            return lists.map { _ in .failure(error) }
        }
        return outcomes
    }
}

extension Environment {
    /// Bytes of pages that hold something.
    func usedBytes() throws(StoreError) -> Int {
        try read { (transaction) throws(StoreError) in
            do throws(LMDBError) {
                let pages = try pageUse()
                return (pages.reached - (try transaction.countFreePages())) * pages.pageBytes
            } catch {
                throw error.storeError
            }
        }
    }
}
