internal import Foundation
internal import Glibc

/// A small file system that a test can fill: ext4 on a loop device; where that cannot be mounted, a tmpfs;
/// where nothing can, the machine's own `/dev/shm` if it is as small as containers have it. Where there is
/// none of these, the test fails and says so.
final class SmallDisk: Sendable {
    /// As much as `/dev/shm` may have to be filled.
    private static let largestShared: Int64 = 128 << 20

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where it is mounted.
    let path: String
    private let isMounted: Bool
    private let workspace: Workspace

    /// Makes one.
    ///
    /// - Parameter mebibytes: its size, where that can be chosen.
    static func make(mebibytes: Int, in workspace: Workspace) async throws -> SmallDisk {
        let path = workspace("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var reasons: [String] = []
        do {
            let image = workspace("disk.img")
            try await Shell.run("truncate", "-s", "\(mebibytes)M", image, in: workspace)
            // No blocks are kept back for root: the tests may be root.
            try await Shell.run("mkfs.ext4", "-q", "-F", "-m", "0", image, in: workspace)
            try await Shell.run("mount", "-o", "loop", image, path, in: workspace)
            return SmallDisk(path, isMounted: true, workspace)
        } catch {
            reasons.append("\(error)")
        }
        do {
            try await Shell.run(
                "mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m", "none", path, in: workspace)
            return SmallDisk(path, isMounted: true, workspace)
        } catch {
            reasons.append("\(error)")
        }
        if let shared = try makeShared(workspace) { return shared }
        throw Failure(
            description:
                "This test fills a small disk and has none: run the tests as root where mounting is allowed "
                + "(mkfs.ext4 is in e2fsprogs), or in a container whose /dev/shm has at most "
                + "\(largestShared >> 20) MiB.\n" + reasons.joined(separator: "\n"))
    }

    /// A folder of `/dev/shm`, where that is small.
    private static func makeShared(_ workspace: Workspace) throws -> SmallDisk? {
        var status = statvfs()
        guard unsafe statvfs("/dev/shm", &status) == 0,
            Int64(status.f_blocks) * Int64(status.f_frsize) <= largestShared
        else { return nil }
        let path = "/dev/shm/" + workspace.path.split(separator: "/").joined(separator: "-")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return SmallDisk(path, isMounted: false, workspace)
    }

    private init(_ path: String, isMounted: Bool, _ workspace: Workspace) {
        self.path = path
        self.isMounted = isMounted
        self.workspace = workspace
    }

    /// Fills it to the last byte with a file.
    ///
    /// - Parameter spare: bytes that are left free again.
    func fill(leaving spare: Int = 0) throws {
        let file = unsafe open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw Failure(description: "no ballast: error \(errno)") }
        defer { close(file) }
        for size in [1 << 20, 4096, 1] {
            let bytes = [UInt8](repeating: 1, count: size)
            while unsafe write(file, bytes, size) > 0 {}
        }
        guard errno == ENOSPC else { throw Failure(description: "no full disk: error \(errno)") }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, ftruncate(file, max(0, status.st_size - spare)) == 0,
            fsync(file) == 0
        else { throw Failure(description: "no spare room: error \(errno)") }
    }

    /// Removes the file that fills it.
    func free() {
        _ = unsafe unlink(ballast)
        // What a file system with a journal frees can be used once that is written.
        let folder = unsafe open(path, O_RDONLY)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    /// Removes a folder on it.
    func remove(_ folder: String) async throws {
        try await Shell.run("rm", "-rf", "\(path)/\(folder)", in: workspace)
    }

    /// Takes it away; what still uses it keeps it until then.
    func end() async throws {
        if isMounted {
            try await Shell.run("umount", "-l", path, in: workspace)
        } else {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    private var ballast: String { path + "/ballast-of-test" }
}
