package import Logging
internal import MemoryJobs
internal import SystemCalls

/// A file that holds room on the disk for a day on which there is none left: deleting needs pages too.
package struct Ballast: Sendable {
    /// How much it holds (contract, section 11).
    package static let usualBytes: Int64 = 64 << 20

    private let path: String
    private let bytes: Int64
    private let logger: Logger

    /// - Parameter folder: the data folder.
    package init(in folder: String, bytes: Int64 = usualBytes, logger: Logger) {
        path = folder + "/ballast"
        self.bytes = bytes
        self.logger = logger
    }

    /// Takes the room where it is not held yet and as much again is left; a disk with less keeps what it has.
    package func hold() {
        do throws(SystemError) {
            let held = try Files.status(of: path).map { $0.length } ?? 0
            guard held != bytes else { return }
            guard try Files.freeBytes(at: path.folder) + held >= 2 * bytes else {
                return logger.warning(
                    "little room on the disk: none is held back for deleting", metadata: ["path": "\(path)"])
            }
            if held == 0 { try Files.write([], to: path) }
            try Files.allocate(path, length: bytes)
        } catch {
            // The disk may have filled up meanwhile: what was taken of it is given back.
            try? Files.remove(path)
            logger.warning(
                "no room is held back for deleting", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    /// Gives the room back to the disk.
    ///
    /// - Returns: whether there was any.
    package func release() -> Bool {
        guard let status = try? Files.status(of: path), status.length > 0 else { return false }
        do throws(SystemError) {
            try Files.remove(path)
        } catch {
            return false
        }
        logger.warning("the disk is full: the room held back is used for deleting")
        return true
    }
}

extension Ballast {
    /// For clean-up.
    var room: CleanUp.Room { CleanUp.Room(release: { release() }, hold: { hold() }) }
}

extension String {
    /// The folder that a path leads into.
    fileprivate var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }
}
