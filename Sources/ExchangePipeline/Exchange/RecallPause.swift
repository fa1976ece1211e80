internal import MemoryStore

/// A read that waits until what was recorded before it is on the disk, or for as long as a reply would.
final class RecallPause: CommitWaiter {
    private let goOn: (_ missing: Degradation?) -> Void

    /// - Parameter goOn: is told why something may be missing, nil where nothing is.
    init(_ goOn: @escaping (_ missing: Degradation?) -> Void) {
        self.goOn = goOn
    }

    func commitSettled(_ result: Result<[ChangeReceipt], StoreError>) {
        switch result {
        case .success: goOn(nil)
        case .failure(let error): goOn(Degradation(error))
        }
    }

    func commitIsLate() { goOn(.storeSlow) }
}
