public import SystemCalls

/// A folder for one store, gone with its last user.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a folder of a name nobody else has.
    public init() throws(SystemError) {
        path = "/tmp/memgate-test-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        try Files.makeFolder(at: path)
    }

    /// The store's data file.
    public var dataFile: String { path + "/data.mdb" }

    /// Makes another folder that holds a copy of the data file as it is now.
    public func copyOfDataFile() throws(SystemError) -> TemporaryFolder {
        let copy = try TemporaryFolder()
        let length = try Files.status(of: dataFile)?.length ?? 0
        try Files.write(try Files.read(dataFile, count: Int(length)), to: copy.dataFile)
        return copy
    }

    deinit {
        for file in ["data.mdb", "lock.mdb", "format", "lock"] { try? Files.remove(path + "/" + file) }
        try? Files.removeFolder(path)
    }
}
