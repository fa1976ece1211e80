package import MemoryCore
internal import Synchronization
package import UpstreamClient

/// Which model servers clients are using, so that work of our own can make way. Shared by all loops.
package final class UpstreamActivity: Sendable {
    private struct Server {
        var running = 0
        var lastActive: Timestamp?
        var waiting: [Int: @Sendable () -> Void] = [:]
    }

    private struct State {
        var servers: [String: Server] = [:]
        var last = 0
    }

    private static let capacity = 1000
    private let state = Mutex(State())

    /// Nobody uses any.
    package init() {}

    /// A client's request goes to a server: whoever makes way hears of it.
    package func began(at upstream: Upstream) {
        let waiting = state.withLock { state in
            // Servers come and go with reloads: those that are quiet need not be known.
            if state.servers.count > Self.capacity {
                state.servers = state.servers.filter { $0.value.running > 0 || !$0.value.waiting.isEmpty }
            }
            state.servers[upstream.origin, default: Server()].running += 1
            guard let waiting = state.servers[upstream.origin]?.waiting, !waiting.isEmpty else {
                return [Int: @Sendable () -> Void]()
            }
            state.servers[upstream.origin]?.waiting = [:]
            return waiting
        }
        for action in waiting.values { action() }
    }

    /// It has its reply, or never will.
    package func ended(at upstream: Upstream, _ now: Timestamp) {
        state.withLock { state in
            state.servers[upstream.origin]?.running -= 1
            state.servers[upstream.origin]?.lastActive = now
        }
    }

    /// How long a server has been quiet, in microseconds; 0 while a client uses it, nil where none did.
    package func quietMicroseconds(of upstream: Upstream, _ now: Timestamp) -> Int64? {
        state.withLock { state in
            guard let server = state.servers[upstream.origin] else { return nil }
            guard server.running <= 0 else { return 0 }
            return server.lastActive.map { max(0, now.microseconds - $0.microseconds) }
        }
    }

    /// Calls once, as soon as a client's request goes to a server.
    ///
    /// - Returns: a number for `forget`; nil where a client uses it already.
    package func whenUsed(_ upstream: Upstream, _ action: @escaping @Sendable () -> Void) -> Int? {
        state.withLock { state in
            guard state.servers[upstream.origin]?.running ?? 0 <= 0 else { return nil }
            state.last += 1
            state.servers[upstream.origin, default: Server()].waiting[state.last] = action
            return state.last
        }
    }

    /// Nobody makes way any longer.
    package func forget(_ number: Int, at upstream: Upstream) {
        state.withLock { $0.servers[upstream.origin]?.waiting[number] = nil }
    }
}
