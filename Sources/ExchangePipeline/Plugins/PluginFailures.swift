internal import Synchronization

/// Counts plugins that threw, or took longer than they may. Shared by all loops.
package final class PluginFailures: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Nothing counted yet.
    package init() {}

    /// How often a plugin failed.
    package func count(of plugin: String) -> Int {
        counts.withLock { $0[plugin] ?? 0 }
    }

    func note(_ plugin: String) {
        counts.withLock { $0[plugin, default: 0] += 1 }
    }
}

/// Why a plugin was left out.
enum PluginFault: Error, CustomStringConvertible {
    /// It took longer than its `timeout`.
    case late(Duration)

    var description: String {
        switch self {
        case .late(let time): "it took longer than \(time)"
        }
    }
}
