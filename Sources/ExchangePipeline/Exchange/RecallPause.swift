internal import MemoryStore

/// A read that waits until what was recorded before it is on the disk, or for as long as a reply would.
final class RecallPause: CommitWaiter {
    private let goOn: (_ isLate: Bool) -> Void

    init(_ goOn: @escaping (_ isLate: Bool) -> Void) {
        self.goOn = goOn
    }

    func commitSettled(_ result: Result<[ChangeReceipt], StoreError>) { goOn(false) }
    func commitIsLate() { goOn(true) }
}
