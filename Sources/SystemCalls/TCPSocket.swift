internal import CSystemCalls

/// A connected TCP socket.
public enum TCPSocket {
    /// Bytes that the system holds because the peer has not acknowledged them.
    ///
    /// - Throws: what the system says, `EBADF` for a closed descriptor.
    public static func untakenBytes(_ descriptor: Int32) throws(SystemError) -> Int {
        Int(try checked(memgate_untaken_bytes(descriptor), "ioctl"))
    }
}
