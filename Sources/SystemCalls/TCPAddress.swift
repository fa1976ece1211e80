internal import CSystemCalls

/// An address on which a server may listen.
public enum TCPAddress {
    /// Looks whether nobody else listens on an address. With SO_REUSEPORT a second process of the same user
    /// would share it without a word.
    ///
    /// - Throws: what the system says, `EADDRINUSE` where somebody does.
    public static func requireFree(host: String, port: Int) throws(SystemError) {
        _ = try unsafe checked(memgate_try_bind(host, String(port)), "bind")
    }
}
