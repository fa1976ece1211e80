import GatewayTesting
import SystemCalls
import Testing

@Suite("Files, locks and threads")
struct SystemCallsTests {
    @Test("a lock is held once, and free again when it is let go of")
    func lock() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/lock"
        var lock: FileLock? = try FileLock.take(at: path)
        try lock?.write("4711 127.0.0.1:8787\n")
        let error = #expect(throws: SystemError.self) { try FileLock.take(at: path) }
        #expect(error?.isHeldByAnother == true)
        #expect(try Files.read(path, count: 100) == Array("4711 127.0.0.1:8787\n".utf8))
        lock = nil
        lock = try FileLock.take(at: path)
        try lock?.write("1")
        #expect(try Files.read(path, count: 100) == Array("1".utf8))
    }

    @Test("network and user-space file systems are told from local ones")
    func fileSystems() throws {
        #expect(FileSystemKind(magic: 0x6969) == .remote("NFS"))
        #expect(FileSystemKind(magic: 0xFF53_4D42) == .remote("SMB"))
        #expect(FileSystemKind(magic: 0xFE53_4D42) == .remote("SMB"))
        #expect(FileSystemKind(magic: 0x0102_1997) == .remote("9p"))
        #expect(FileSystemKind(magic: 0x6573_5546) == .remote("FUSE"))
        #expect(FileSystemKind(magic: 0xEF53) == .local)
        #expect(throws: SystemError.self) { try FileSystemKind.of("/nowhere/at/all") }
    }

    @Test("a file is written, read in part, cut and removed")
    func files() throws {
        let folder = try TemporaryFolder()
        let path = folder.dataFile
        #expect(try Files.status(of: path) == nil)
        try Files.write(Array(0..<100), to: path)
        #expect(try Files.read(path, from: 90, count: 50) == Array(90..<100))
        try Files.setLength(of: path, to: 95)
        #expect(try Files.status(of: path)?.length == 95)
        try Files.allocate(path, length: 10_000)
        #expect(try Files.status(of: path)?.length == 10_000)
        try Files.remove(path)
        try Files.remove(path)
        #expect(try Files.status(of: path) == nil)
    }

    @Test("a thread that waits on a monitor wakes for an update and for its moment")
    func monitor() throws {
        let monitor = Monitor(0)
        let thread = try SystemThread(named: "counter") {
            for _ in 0..<100 { monitor.update { $0 += 1 } }
        }
        #expect(monitor.wait { $0 == 100 ? .now($0) : .sleep(until: nil) } == 100)
        thread.join()
        let moment = SystemClock.monotonicNanoseconds() + 1_000_000
        let late = monitor.wait { _ -> Awaited<Bool> in
            SystemClock.monotonicNanoseconds() >= moment ? .now(true) : .sleep(until: moment)
        }
        #expect(late)
    }
}
