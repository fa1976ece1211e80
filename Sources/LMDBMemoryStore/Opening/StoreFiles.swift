internal import MemoryStore
internal import SystemCalls

/// The files of a store's folder, looked at before the library maps them.
struct StoreFiles {
    private let folder: String

    /// At least what the library's table of readers takes: a page for itself, 64 bytes a reader.
    private static let lockBytes: Int64 = 4096 + 64 * Int64(LMDBStorage.maximumReaders)

    private var dataFile: String { folder + "/data.mdb" }
    /// Says that a store was made here, so that an empty or missing data file is known for damage.
    private var markFile: String { folder + "/format" }
    /// There while a store is being made: what a process that ends meanwhile leaves behind is no damage.
    private var makingFile: String { folder + "/making" }
    private static let mark = "memgate memory store over LMDB, see schema in table meta\n"

    /// Makes the folder if it is missing.
    init(_ folder: String, allowsRemoteFileSystem: Bool) throws(StoreError) {
        self.folder = folder
        let kind: FileSystemKind
        do throws(SystemError) {
            try Files.makeFolder(at: folder)
            kind = try FileSystemKind.of(folder)
        } catch {
            throw StoreError(error.isFull ? .full : .system, "\(error)")
        }
        guard case .remote(let name) = kind, !allowsRemoteFileSystem else { return }
        throw StoreError(
            .system,
            """
            \(folder) lies on \(name), where a memory map and its locks are not reliable. Choose a folder on \
            a local disk, or give --allow-filesystem.
            """)
    }

    /// Checks the data file, if there is one.
    ///
    /// - Returns: its length.
    func verify() throws(StoreError) -> Int {
        let length: Int
        let wasMade: Bool
        do throws(SystemError) {
            length = Int(try Files.status(of: dataFile)?.length ?? 0)
            wasMade = try Files.status(of: markFile) != nil
        } catch {
            throw StoreError(.system, "\(error)")
        }
        guard length > 0 else {
            if wasMade { throw damaged("it is empty or missing, though a store was made here") }
            try noteMaking()
            return 0
        }
        do throws(PageFile.Fault) {
            try PageFile(dataFile, length: length).check()
        } catch {
            guard error == .headless, !wasMade, try removeTorso() else { throw damaged(error.words) }
            return 0
        }
        return length
    }

    /// A process that ended while it made the store has left a part of the head pages and nothing else.
    ///
    /// - Returns: whether it was so.
    private func removeTorso() throws(StoreError) -> Bool {
        do throws(SystemError) {
            guard try Files.status(of: makingFile) != nil else { return false }
            try Files.remove(dataFile)
            return true
        } catch {
            throw StoreError(.system, "\(error)")
        }
    }

    private func noteMaking() throws(StoreError) {
        do throws(SystemError) {
            try Files.write([], to: makingFile)
        } catch {
            // A full disk is told of where it is in the way.
            guard error.isFull else { throw StoreError(.system, "\(error)") }
        }
    }

    /// Makes sure of room for the library's table of readers. It maps that file, and a hole in it that a full
    /// disk cannot fill would end the process.
    func reserveLocks() throws(StoreError) {
        do throws(SystemError) {
            try Files.allocate(folder + "/lock.mdb", length: Self.lockBytes)
        } catch {
            throw StoreError(error.isFull ? .full : .system, "\(error)")
        }
    }

    /// Leaves the mark behind a store that was made and committed.
    func leaveMark() throws(StoreError) {
        do throws(SystemError) {
            if try Files.status(of: markFile) == nil { try Files.write(Array(Self.mark.utf8), to: markFile) }
            try Files.remove(makingFile)
        } catch {
            // Only a hint is missing then; a full disk must not keep a store from starting.
            guard error.isFull else { throw StoreError(.system, "\(error)") }
        }
    }

    private func damaged(_ what: String) -> StoreError {
        StoreError(
            .damaged,
            """
            The store's file \(dataFile) is damaged: \(what). Start from a backup by --data, or move the \
            folder \(folder) aside and read an export back by `memgate import`.
            """)
    }
}
