internal import CSystemCalls

/// An eventfd: becomes readable when signalled, from any thread. Owns its descriptor.
public final class EventDescriptor: Sendable {
    /// The descriptor, to be watched by an `EpollQueue`.
    public let descriptor: Int32

    /// A new one, not signalled.
    public init() throws(SystemError) {
        descriptor = try checked(memgate_eventfd_create(), "eventfd")
    }

    deinit {
        memgate_close(descriptor)
    }

    /// A second descriptor of the same eventfd, for somebody who will close it.
    public func duplicate() throws(SystemError) -> Int32 {
        try checked(memgate_eventfd_duplicate(descriptor), "fcntl")
    }

    /// Makes the descriptor readable.
    public func signal() {
        _ = memgate_eventfd_signal(descriptor)
    }
}
