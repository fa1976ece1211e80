internal import ExchangePipeline
internal import GatewayMetrics
internal import Hummingbird
internal import JSONBytes
internal import MemoryStore
internal import UpstreamClient

/// What probes and scrapers ask; none of it shows content.
extension AdminServices {
    var probeCalls: [AdminCall] {
        [
            .get("/healthz") { _ in AdminReply { $0.member("status", "ok") } },
            .get("/readyz") { _ in await readiness() },
            .get("/metrics") { _ in
                let metrics = metrics
                let text = try await read { _ in metrics.page().text }
                return AdminReply(body: ByteBuffer(string: text), mediaType: MetricsPage.mediaType)
            },
        ]
    }

    /// Ready is who takes requests and remembers them: not while draining, and not where the store cannot be
    /// read or has just failed to write. A model server that is not reached is told, and makes nobody
    /// unready: there may be others, and clients are told so in words.
    private func readiness() async -> AdminReply {
        let store = await storeState()
        let isDraining = shared.isDraining
        let isReady = store == "ok" && !isDraining
        return AdminReply(status: isReady ? 200 : 503) { writer in
            writer.member("status", isDraining ? "draining" : isReady ? "ok" : "unavailable")
            writer.member("store", store)
            writer.member("upstreams") { writer in
                writer.object { writer in
                    for entry in settings().upstreams.entries {
                        writer.member(entry.upstream.name, "\(entry.health.state)")
                    }
                }
            }
        }
    }

    private func storeState() async -> String {
        do {
            _ = try await read { try $0.statistics() }
        } catch {
            return "unreadable"
        }
        return condition.recentFailure()?.rawValue ?? "ok"
    }
}
