/// A system call that failed.
public struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, as in its manual page.
    public let call: String
    /// The error number.
    public let errno: Int32

    /// A failure by its call and error number.
    public init(call: String, errno: Int32) {
        self.call = call
        self.errno = errno
    }

    /// Names call and number.
    public var description: String { "\(call) failed with error \(errno)" }

    /// Turns the shims' convention (a result, or minus the error number) into a result or an error.
    static func check(_ code: Int32, _ call: String) throws(SystemCallError) -> Int32 {
        guard code >= 0 else { throw SystemCallError(call: call, errno: -code) }
        return code
    }
}
