internal import CSystemCalls

/// An exclusive lock on a file, held until it is let go of or the process ends, however it ends.
public final class FileLock: Sendable {
    private let file: Int32

    private init(file: Int32) {
        self.file = file
    }

    /// Makes the file, mode 0600, and locks it.
    ///
    /// - Throws: an error that `isHeldByAnother` where another process, or this one, holds the lock.
    public static func take(at path: String) throws(SystemError) -> FileLock {
        let file = unsafe memgate_lock_file(path)
        return FileLock(file: try checked(file, "locking \(path)"))
    }

    /// Puts text in the place of what the file held: who holds it, for people and for other commands.
    public func write(_ text: String) throws(SystemError) {
        let bytes = Array(text.utf8)
        let result = unsafe bytes.withUnsafeBytes { raw in
            unsafe memgate_replace_contents(file, raw.baseAddress, Int64(raw.count))
        }
        _ = try checked(result, "writing a lock file")
    }

    deinit {
        memgate_close(file)
    }
}
