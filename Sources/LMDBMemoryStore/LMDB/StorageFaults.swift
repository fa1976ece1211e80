internal import Synchronization

/// Makes one call of the library fail, for tests that ask of every call what its failure loses.
package final class StorageFaults: Sendable {
    private struct Plan {
        var callsBefore = Int.max
        var code: Int32 = 0
        var isLasting = false
        var calls = 0
    }

    private let plan = Mutex(Plan())

    /// A plan by which nothing fails.
    package init() {}

    /// Counts calls anew; the one behind `callsBefore` others fails.
    ///
    /// - Parameters:
    ///   - code: an `errno` or a code of LMDB.
    ///   - lasting: whether every later call fails too.
    package func fail(after callsBefore: Int, with code: Int32, lasting: Bool) {
        plan.withLock { $0 = Plan(callsBefore: callsBefore, code: code, isLasting: lasting) }
    }

    /// Lets every call succeed from now on.
    ///
    /// - Returns: how many calls were made since the last plan.
    @discardableResult
    package func clear() -> Int {
        plan.withLock { plan in
            defer { plan = Plan() }
            return plan.calls
        }
    }

    /// Counts a call, and fails it if it is the one.
    func check(_ operation: @autoclosure () -> String) throws(LMDBError) {
        let code: Int32 = plan.withLock { plan in
            plan.calls += 1
            let place = plan.calls - 1
            return place == plan.callsBefore || (plan.isLasting && place > plan.callsBefore) ? plan.code : 0
        }
        if code != 0 { throw LMDBError(code, operation()) }
    }
}
