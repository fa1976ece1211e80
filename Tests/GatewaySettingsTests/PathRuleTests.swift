import GatewaySettings
import SettingsSchema
import Testing

@Suite("Paths that an open gateway passes on")
struct PathRuleTests {
    private func allows(_ rule: String, _ method: String, _ path: String) throws -> Bool {
        try PathRule(rule).allows(method: method, path: path[...])
    }

    @Test func `A name is OpenAI's path with everything below, with and without its v1`() throws {
        for path in ["/v1/models", "/models", "/v1/models/gpt-4o", "/models/a/b"] {
            #expect(try allows("models", "GET", path))
        }
        for path in [
            "/v1/modelsx", "/v1", "/", "/v1/files/models", "/v2/models", "/v1/Models", "/api/models",
        ] {
            #expect(try !allows("models", "GET", path), "\(path)")
        }
    }

    @Test func `With a method it is exactly that path`() throws {
        #expect(try allows("POST responses", "POST", "/v1/responses"))
        #expect(try allows("POST responses", "POST", "/responses"))
        #expect(try !allows("POST responses", "GET", "/v1/responses"))
        #expect(try !allows("POST responses", "POST", "/v1/responses/resp_1/cancel"))
    }

    @Test func `A path with a slash stands below the upstream's root`() throws {
        #expect(try allows("/api/show", "POST", "/api/show"))
        #expect(try !allows("/api/show", "POST", "/v1/api/show"))
        #expect(try !allows("/api/show", "POST", "/api/shower"))
    }

    @Test func `The defaults keep what others have stored out of reach`() throws {
        let paths = try Configuration.of("{}").mainUpstream.paths
        let isAllowed = { (method: String, path: String) in
            paths.contains { $0.allows(method: method, path: path[...]) }
        }
        #expect(isAllowed("POST", "/v1/chat/completions") && isAllowed("GET", "/v1/models"))
        #expect(isAllowed("POST", "/v1/audio/speech") && isAllowed("GET", "/api/tags"))
        for path in [
            "/v1/files", "/v1/files/file-1/content", "/v1/responses/resp_1", "/v1/batches", "/api/delete",
        ] {
            #expect(!isAllowed("GET", path) && !isAllowed("POST", path), "\(path)")
        }
    }
}
