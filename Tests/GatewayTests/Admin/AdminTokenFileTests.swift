import Foundation
import GatewayAssembly
import GatewayTesting
import Testing

@Suite("The admin token's file", .timeLimit(.minutes(15)))
struct AdminTokenFileTests {
    /// Runs a gateway on a folder as `memgate serve` does.
    private static func token(in folder: TemporaryFolder) async throws -> GatewayToken {
        var parts = Gateway.Parts(logger: CapturedLog().logger)
        parts.loops = 1
        let configuration = try GatewayRecipe().configuration(upstreamPort: 9, folder: folder.path)
        let gateway = try await Gateway.start(configuration, parts)
        let lock = try String(contentsOfFile: folder.path + "/memgate.lock", encoding: .utf8)
        #expect(lock.contains("admin \(gateway.adminAddress)\n"))
        await gateway.close()
        return gateway.adminToken
    }

    @Test("It is made once, for its owner alone, kept over restarts, and made anew where it is gone")
    func file() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/admin-token"
        let first = try await Self.token(in: folder)
        #expect(first.source == .file(path) && first.text.utf8.count == 43)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(first.text)\n")
        #expect(try await Self.token(in: folder).text == first.text)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await Self.token(in: folder).text != first.text)
    }

    @Test("An empty file is refused with words")
    func empty() async throws {
        let folder = try TemporaryFolder()
        try "\n".write(toFile: folder.path + "/admin-token", atomically: false, encoding: .utf8)
        await #expect {
            _ = try await Self.token(in: folder)
        } throws: { "\($0)".contains("holds no token") }
    }
}
