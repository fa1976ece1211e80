internal import CSystemCalls

/// Has the kernel signal an eventfd as soon as a descriptor is readable, without a thread that waits (Linux's
/// asynchronous I/O). For one thread at a time.
public final class KernelPoll {
    private let context: UInt64

    /// A new one, idle.
    ///
    /// - Throws: where the system has no such polls, allows none, or has no room for more.
    public init() throws(SystemError) {
        var made: UInt64 = 0
        _ = try checked(unsafe memgate_poll_make(&made), "io_setup")
        context = made
    }

    /// Signals once: at the descriptor's next bytes, or at once if it has some. Not while the last call's
    /// signal is still to come.
    public func submit(_ descriptor: Int32, signalling event: EventDescriptor) throws(SystemError) {
        _ = try checked(memgate_poll_submit(context, descriptor, event.descriptor), "io_submit")
    }

    deinit {
        memgate_poll_free(context)
    }
}
