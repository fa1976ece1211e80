internal import CSystemCalls

/// Starts threads for work that blocks, outside of the cooperative pool.
public enum SystemThread {
    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: shown by process tools; cut to 15 bytes.
    ///   - body: runs on it; the thread ends with it.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let context = unsafe Unmanaged.passRetained(ThreadBody(body)).toOpaque()
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
            guard let context = unsafe context else { return }
            unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
        }
        let code = unsafe memgate_thread_start(name, entry, context)
        guard code == 0 else {
            unsafe Unmanaged<ThreadBody>.fromOpaque(context).release()
            throw SystemCallError(call: "pthread_create", errno: -code)
        }
    }
}

/// Carries a closure through a C pointer.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
