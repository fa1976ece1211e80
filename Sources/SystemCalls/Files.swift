internal import CSystemCalls

/// What is known of a file or folder without opening it.
public struct FileStatus: Hashable, Sendable {
    /// The device and the number that together name it, whatever path leads to it.
    public let device: UInt64
    /// Its number on that device.
    public let inode: UInt64
    /// Its length in bytes.
    public let length: Int64
    /// Whether it is a folder.
    public let isFolder: Bool
    /// Who may do what, as in `chmod`.
    public let permissions: UInt32
}

/// Whole small files and folders. Everything blocks: never on an event loop.
public enum Files {
    /// Status of what a path leads to, or nil where there is nothing.
    public static func status(of path: String) throws(SystemError) -> FileStatus? {
        var found = memgate_file_status()
        let result = unsafe memgate_status(path, &found)
        if result == -2 { return nil }
        _ = try checked(result, "looking at \(path)")
        return FileStatus(
            device: found.device, inode: found.inode, length: found.length, isFolder: found.is_folder != 0,
            permissions: found.permissions)
    }

    /// Makes a folder, mode 0700, and those above it that are missing.
    public static func makeFolder(at path: String) throws(SystemError) {
        if let found = try status(of: path) {
            if found.isFolder { return }
            throw SystemError(20, "making the folder \(path)")
        }
        if let parent = parent(of: path) { try makeFolder(at: parent) }
        let result = unsafe memgate_make_folder(path, 0o700)
        // Another process may have been faster: what counts is that it is there.
        if result == -17 { return }
        _ = try checked(result, "making the folder \(path)")
    }

    /// Reads up to `count` bytes from `offset` on; fewer where the file ends before.
    public static func read(_ path: String, from offset: Int64 = 0, count: Int) throws(SystemError) -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe bytes.withUnsafeMutableBytes { raw in
            unsafe memgate_read_file(path, offset, raw.baseAddress, Int64(raw.count))
        }
        let length = try checked(result, "reading \(path)")
        bytes.removeLast(count - Int(length))
        return bytes
    }

    /// Writes a whole file, mode 0600, and syncs it and its folder.
    public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let folder = parent(of: path) ?? "."
        let result = unsafe bytes.withUnsafeBytes { raw in
            unsafe memgate_write_file(path, folder, raw.baseAddress, Int64(raw.count))
        }
        _ = try checked(result, "writing \(path)")
    }

    /// Cuts a file, or lengthens it with zeros that take no room.
    public static func setLength(of path: String, to length: Int64) throws(SystemError) {
        _ = try checked(unsafe memgate_set_length(path, length), "setting the length of \(path)")
    }

    /// How many bytes there is room for on the disk under a path.
    public static func freeBytes(at path: String) throws(SystemError) -> Int64 {
        try checked(unsafe memgate_free_bytes(path), "asking for the free room at \(path)")
    }

    /// Makes sure that a file's first `length` bytes have room on the disk.
    public static func allocate(_ path: String, length: Int64) throws(SystemError) {
        _ = try checked(unsafe memgate_allocate_file(path, length), "allocating \(path)")
    }

    /// Removes a file; one that is not there is no error.
    public static func remove(_ path: String) throws(SystemError) {
        let result = unsafe memgate_remove_file(path)
        if result == -2 { return }
        _ = try checked(result, "removing \(path)")
    }

    /// Removes an empty folder; one that is not there is no error.
    public static func removeFolder(_ path: String) throws(SystemError) {
        let result = unsafe memgate_remove_folder(path)
        if result == -2 { return }
        _ = try checked(result, "removing the folder \(path)")
    }

    /// The folder above a path, or nil where the path names none.
    private static func parent(of path: String) -> String? {
        var cut = path[...]
        while cut.hasSuffix("/") { cut.removeLast() }
        guard let slash = cut.lastIndex(of: "/") else { return nil }
        let parent = cut[..<slash]
        return parent.isEmpty ? nil : String(parent)
    }
}
