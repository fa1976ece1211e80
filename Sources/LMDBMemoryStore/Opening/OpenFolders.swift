internal import MemoryStore
internal import Synchronization
internal import SystemCalls

/// The folders whose environment this process has open. LMDB breaks its own locks when one is opened twice.
enum OpenFolders {
    /// A folder, whatever path leads to it.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    private static let open = Mutex<Set<Identity>>([])

    /// Claims a folder for one environment.
    static func claim(_ path: String) throws(StoreError) -> Identity {
        let found: FileStatus?
        do throws(SystemError) {
            found = try Files.status(of: path)
        } catch {
            throw StoreError(.system, "\(error)")
        }
        guard let found, found.isFolder else { throw StoreError(.system, "\(path) is not a folder.") }
        let identity = Identity(device: found.device, inode: found.inode)
        guard open.withLock({ $0.insert(identity).inserted }) else {
            throw StoreError(.system, "The store at \(path) is already open in this process.")
        }
        return identity
    }

    /// Gives a folder back after its environment was closed.
    static func release(_ identity: Identity) {
        _ = open.withLock { $0.remove(identity) }
    }
}
