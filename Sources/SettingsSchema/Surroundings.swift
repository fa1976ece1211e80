/// What settings are read from besides flags: the process's environment and files. Handed in, so that tests
/// need neither.
public protocol Surroundings: Sendable {
    /// An environment variable's value; nil where it is not set.
    func variable(_ name: String) -> String?

    /// A file's whole content, of at most `limit` bytes.
    func contents(ofFile path: String, limit: Int) throws(UnreadableFile) -> [UInt8]
}

/// Why a file could not be read.
public enum UnreadableFile: Error, Hashable, Sendable {
    /// There is none.
    case missing
    /// It is longer than the limit.
    case tooLong
    /// The system refuses, in its words: `Permission denied`.
    case refused(String)

    /// The reason in words: `no such file`.
    public var reason: String {
        switch self {
        case .missing: "no such file"
        case .tooLong: "a file that is too long"
        case .refused(let words): "a file that cannot be read (\(words))"
        }
    }
}
