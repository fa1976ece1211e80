internal import CSystemCalls

/// An epoll descriptor: tells which of the registered descriptors are ready. Owns its descriptor.
///
/// Registration is safe from any thread; one thread at a time may wait.
public final class EpollQueue: Sendable {
    /// What a descriptor is ready for, or wanted for.
    public struct Interest: OptionSet, Sendable, Hashable {
        /// The bits of the shim.
        public let rawValue: UInt32

        /// Interest by its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Bytes can be read, or a connection accepted.
        public static let readable = Interest(rawValue: UInt32(MEMGATE_READABLE))
        /// Bytes can be written.
        public static let writable = Interest(rawValue: UInt32(MEMGATE_WRITABLE))
        /// An error or a hang-up; always reported.
        public static let broken = Interest(rawValue: UInt32(MEMGATE_BROKEN))
        /// Report once, then not again until modified.
        public static let once = Interest(rawValue: UInt32(MEMGATE_ONCE))
    }

    /// One ready descriptor.
    public struct Event: Sendable {
        /// The tag given at registration.
        public let tag: UInt64
        /// What for.
        public let ready: Interest
    }

    /// The most events one wait returns.
    public static let batch = 64

    /// The epoll descriptor itself, to be nested in another queue.
    public let descriptor: Int32

    /// A new queue.
    public init() throws(SystemError) {
        descriptor = try checked(memgate_epoll_create(), "epoll_create1")
    }

    deinit {
        memgate_close(descriptor)
    }

    /// Starts watching a descriptor.
    public func add(_ descriptor: Int32, _ interest: Interest, tag: UInt64) throws(SystemError) {
        try change(Int32(MEMGATE_ADD), descriptor, interest, tag)
    }

    /// Changes what a descriptor is watched for; looks at its state anew, also after `once`.
    public func modify(_ descriptor: Int32, _ interest: Interest, tag: UInt64) throws(SystemError) {
        try change(Int32(MEMGATE_MODIFY), descriptor, interest, tag)
    }

    /// Stops watching a descriptor.
    public func remove(_ descriptor: Int32) throws(SystemError) {
        try change(Int32(MEMGATE_REMOVE), descriptor, [], 0)
    }

    private func change(
        _ operation: Int32, _ descriptor: Int32, _ interest: Interest, _ tag: UInt64
    ) throws(SystemError) {
        let code = memgate_epoll_change(self.descriptor, operation, descriptor, interest.rawValue, tag)
        _ = try checked(code, "epoll_ctl")
    }

    /// Waits for at most `milliseconds` (−1: for ever) and calls `body` with each ready descriptor.
    ///
    /// - Returns: how many were ready.
    public func wait(milliseconds: Int32, _ body: (Event) -> Void) throws(SystemError) -> Int {
        var count: Int32 = 0
        let events = unsafe [memgate_event](unsafeUninitializedCapacity: Self.batch) { buffer, filled in
            count = unsafe memgate_epoll_wait(descriptor, buffer.baseAddress, Int32(Self.batch), milliseconds)
            filled = max(0, Int(count))
        }
        _ = try checked(count, "epoll_wait")
        for event in events { body(Event(tag: event.tag, ready: Interest(rawValue: event.ready))) }
        return events.count
    }
}
