internal import Logging

/// The log: lines on standard error.
enum GatewayLog {
    /// A logger for the gateway's own events.
    static func make() -> Logger {
        Logger(label: "memgate", factory: { StreamLogHandler.standardError(label: $0) })
    }
}
