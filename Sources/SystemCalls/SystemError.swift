/// What the operating system refused, and while doing what.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The `errno` of the call.
    public let number: Int32
    /// What was being done, in words.
    public let operation: String

    /// A refusal by its `errno`.
    public init(_ number: Int32, _ operation: String) {
        self.number = number
        self.operation = operation
    }

    /// Another process holds the lock (`EWOULDBLOCK`).
    public var isHeldByAnother: Bool { number == 11 }
    /// There is no such file (`ENOENT`).
    public var isMissing: Bool { number == 2 }
    /// There is something of that name already (`EEXIST`).
    public var alreadyExists: Bool { number == 17 }
    /// The disk or the quota is full (`ENOSPC`, `EDQUOT`).
    public var isFull: Bool { number == 28 || number == 122 }

    /// The operation and the system's own words.
    public var description: String {
        "\(operation): \(SystemError.words(number))"
    }

    /// The system's words for the numbers people meet; the number for the rest.
    private static func words(_ number: Int32) -> String {
        switch number {
        case 1: "operation not permitted"
        case 2: "no such file or folder"
        case 5: "input/output error"
        case 11: "held by another process"
        case 12: "out of memory"
        case 13: "permission denied"
        case 17: "exists already"
        case 20: "not a folder"
        case 22: "invalid argument"
        case 27: "file too large"
        case 28: "no space left on the disk"
        case 30: "the file system is read-only"
        case 98: "the address is in use"
        case 99: "the address is none of this machine"
        case 122: "the disk quota is used up"
        default: "system error \(number)"
        }
    }
}

/// Turns a negative errno into an error, and passes anything else on.
func checked<Value: BinaryInteger>(_ value: Value, _ operation: @autoclosure () -> String) throws(SystemError)
    -> Value
{
    guard value < 0 else { return value }
    throw SystemError(Int32(0 - value), operation())
}
