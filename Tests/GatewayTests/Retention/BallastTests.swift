import GatewayAssembly
import GatewayTesting
import Logging
import SystemCalls
import Testing

@Suite("Room that is held back on the disk")
struct BallastTests {
    private static func length(_ folder: TemporaryFolder) throws -> Int64? {
        try Files.status(of: folder.path + "/ballast")?.length
    }

    @Test("It is taken once, given back once, and taken again")
    func held() throws {
        let folder = try TemporaryFolder()
        let ballast = Ballast(in: folder.path, bytes: 1 << 16, logger: Logger(label: "test"))
        #expect(!ballast.release())
        for _ in 0..<2 {
            ballast.hold()
            #expect(try Self.length(folder) == 1 << 16)
        }
        #expect(ballast.release())
        #expect(try Self.length(folder) == nil)
        #expect(!ballast.release())
        ballast.hold()
        #expect(try Self.length(folder) == 1 << 16)
    }

    @Test("A disk that has not as much again keeps what it has")
    func little() throws {
        let folder = try TemporaryFolder()
        let free = try Files.freeBytes(at: folder.path)
        let ballast = Ballast(in: folder.path, bytes: free * 3 / 4, logger: Logger(label: "test"))
        ballast.hold()
        #expect(try Self.length(folder) == nil)
    }
}
