/// How a store is opened.
public struct LMDBOptions: Sendable {
    /// What the data may take, in bytes. The map is larger by a reserve, so that deleting always finds pages.
    public var maximumBytes: Int
    /// Opens folders on NFS, SMB, 9p and FUSE too, where memory maps and locks are not reliable.
    public var allowsRemoteFileSystem: Bool
    /// How long a change that nobody waits for may wait for others to share its commit.
    public var linger: Duration
    /// Lists of changes that may wait for the disk.
    public var queuedLists: Int
    /// Bytes of them.
    public var queuedBytes: Int
    /// Is told of each batch on the writer's thread, in the midst of its work: count and return.
    public var onCommit: (@Sendable (CommittedBatch) -> Void)?
    /// Makes calls fail, in tests.
    package var faults: StorageFaults?
    /// Whether a commit is on the disk before it is settled. Turned off only by a test, which must then fail.
    package var isSynced = true

    /// The defaults: 64 GiB, local disks only, 20 ms, 16,384 lists of 256 MiB together.
    public init(
        maximumBytes: Int = 64 << 30, allowsRemoteFileSystem: Bool = false,
        linger: Duration = .milliseconds(20),
        queuedLists: Int = 16_384, queuedBytes: Int = 256 << 20
    ) {
        self.maximumBytes = maximumBytes
        self.allowsRemoteFileSystem = allowsRemoteFileSystem
        self.linger = linger
        self.queuedLists = queuedLists
        self.queuedBytes = queuedBytes
    }

    /// What the map has beyond `maximumBytes`: pages for deletions, and for commits that were under way.
    var reserveBytes: Int { max(64 << 20, maximumBytes / 8) }

    var writeLimits: WriteLimits {
        var limits = WriteLimits()
        limits.queuedLists = queuedLists
        limits.queuedBytes = queuedBytes
        limits.listBytes = min(limits.listBytes, queuedBytes)
        let (seconds, attoseconds) = linger.components
        limits.lingerNanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return limits
    }
}

/// A batch that was committed, or failed.
public struct CommittedBatch: Sendable {
    /// How many lists of changes it held.
    public let lists: Int
    /// How long that took, the disk included.
    public let nanoseconds: Int64
}
