internal import FoundationEssentials
internal import Glibc

/// Where commands speak: results and the banner to standard output, everything else to standard error.
enum StandardStreams {
    /// Writes a text to standard output.
    static func output(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Whether a person reads standard output, now and nobody later.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes a line to standard error.
    static func error(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
