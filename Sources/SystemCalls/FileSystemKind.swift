internal import CSystemCalls

/// The kind of file system under a path: a memory map and its locks are only safe on a local one.
public enum FileSystemKind: Hashable, Sendable {
    /// A disk of this machine, or anything not known to be otherwise.
    case local
    /// A network share or user-space file system, by its usual name.
    case remote(String)

    /// The kind of file system that a path, which must exist, lies on.
    public static func of(_ path: String) throws(SystemError) -> FileSystemKind {
        var magic: UInt64 = 0
        _ = try checked(
            unsafe memgate_filesystem_magic(path, &magic), "asking for the file system of \(path)")
        return FileSystemKind(magic: magic)
    }

    /// The kind that a number of `statfs` stands for (linux/magic.h).
    public init(magic: UInt64) {
        switch magic {
        case 0x6969: self = .remote("NFS")
        case 0xFF53_4D42, 0xFE53_4D42, 0x517B: self = .remote("SMB")
        case 0x0102_1997: self = .remote("9p")
        case 0x6573_5546: self = .remote("FUSE")
        default: self = .local
        }
    }
}
