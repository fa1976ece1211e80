internal import ExchangePipeline
internal import GatewayMetrics
internal import MemoryCore
internal import MemoryStore
internal import SystemCalls

extension MetricsRegistry {
    /// What every gateway shows. Whoever knows what models were asked supplies that under the metric's name.
    convenience init(
        _ pipeline: PipelineMetrics, _ storage: any MemoryStorage, _ store: StoreMetrics,
        startedAt: Timestamp
    ) {
        self.init()
        supply("exchanges") { pipeline.write(to: &$0) }
        supply("store") { store.write(to: &$0, storage) }
        supply("process") { Self.writeProcess(to: &$0, startedAt: startedAt) }
    }

    private static func writeProcess(to page: inout MetricsPage, startedAt: Timestamp) {
        if let bytes = residentBytes() {
            page.gauge(
                .init("process_resident_memory_bytes", "Memory of the process that is in RAM."),
                Double(bytes))
        }
        page.gauge(
            .init("process_start_time_seconds", "When the gateway started, in seconds since 1970."),
            Double(startedAt.milliseconds) / 1000)
    }

    /// From the kernel's own words: `VmRSS:     12345 kB`.
    private static func residentBytes() -> Int? {
        guard let bytes = try? Files.read("/proc/self/status", count: 8192) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let words = lines.first { $0.hasPrefix("VmRSS:") }?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count == 3 ? Int(words[1]).map { $0 * 1024 } : nil
    }
}
