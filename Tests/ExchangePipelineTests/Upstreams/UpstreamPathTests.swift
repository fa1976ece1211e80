import ExchangePipeline
import Testing

/// Where a path leads at an upstream.
@Suite struct UpstreamPathTests {
    @Test("OpenAI's own paths stand behind the base, others behind the base without its version")
    func paths() {
        #expect(UpstreamPath.versioned("/models?a=1").target(below: "/v1") == "/v1/models?a=1")
        #expect(UpstreamPath.versioned("/models").target(below: "/openai/v1") == "/openai/v1/models")
        #expect(UpstreamPath.versioned("/models").target(below: "") == "/models")
        #expect(UpstreamPath.versioned("").target(below: "") == "/")
        #expect(UpstreamPath.plain("/api/tags").target(below: "/v1") == "/api/tags")
        #expect(UpstreamPath.plain("/health").target(below: "/openai/v1") == "/openai/health")
        #expect(UpstreamPath.plain("/").target(below: "/base") == "/base/")
    }
}
