internal import CSystemCalls

/// A thread of our own, for work that blocks: the cooperative pool has only as many threads as the machine
/// has cores.
public final class SystemThread: Sendable {
    private let handle: UInt64

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: at most 15 bytes, as the system shows it.
    ///   - body: runs once on the new thread.
    public init(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let boxed = unsafe Unmanaged.passRetained(Body(body))
        var handle: UInt64 = 0
        let result = unsafe memgate_thread_start(
            name,
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            }, boxed.toOpaque(), &handle)
        if result < 0 { unsafe boxed.release() }
        _ = try checked(result, "starting the thread \(name)")
        self.handle = handle
    }

    /// Waits for the body's end. Called once.
    public func join() {
        memgate_thread_join(handle)
    }

    /// Carries the closure through the C call.
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
