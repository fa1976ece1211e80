package import Logging

/// A log whose lines a test awaits.
package final class CapturedLog: Sendable {
    /// Lines so far: message and metadata.
    package let lines = Watched<[String]>([])

    /// A log without lines.
    package init() {}

    /// A logger that writes here.
    package var logger: Logger {
        Logger(label: "test", factory: { _ in Handler(lines: self.lines) })
    }

    /// Waits for a line that holds a text.
    package func line(with text: String) async throws -> String {
        try await lines.value { lines in lines.first { $0.contains(text) } }
    }

    private struct Handler: LogHandler {
        let lines: Watched<[String]>
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
                .map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            let line = "\(event.level) \(event.message) \(fields)"
            lines.update { $0.append(line) }
        }
    }
}
