import Foundation
import GatewayTesting
import NIOCore

/// A TLS server with a certificate of its own, both made by `openssl`: a test reads what clients say and
/// answers them.
final class SecureUpstream: Sendable {
    /// Where certificates and keys lie.
    private let folder: URL
    private let running: Command.Running
    private let output: Watched<String>
    let port: Int

    /// The file of the certificate that clients may trust.
    var certificate: String { folder.appending(path: "cert.pem").path }

    /// Makes a certificate for a subject such as `IP:127.0.0.1`, and listens with it.
    init(subject: String) async throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "memgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (
            folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path
        )
        let openssl = "/usr/bin/openssl"
        try Command.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(subject)", "-keyout", key, "-out",
                certificate,
            ])
        let running = try Command.start(
            openssl, ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate])
        let output = Watched("")
        running.output.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            output.update { $0 += String(decoding: data, as: UTF8.self) }
        }
        self.folder = folder
        self.running = running
        self.output = output
        port = try await output.value { text in
            guard let range = text.firstRange(of: /ACCEPT [^\n]*:(\d+)\n/) else { return nil }
            return Int(text[range].dropLast().drop { $0 != ":" }.dropFirst())
        }
    }

    /// Waits until clients have said something, or the server something of them.
    func hears(_ text: String) async throws {
        try await output.until { $0.contains(text) }
    }

    /// Whether clients have said something so far.
    func said(_ text: String) -> Bool {
        output.look { $0.contains(text) }
    }

    /// Answers the client that is connected.
    func send(_ text: String) throws {
        try running.input.write(contentsOf: Data(text.utf8))
    }

    /// Stops listening.
    func close() {
        kill(running.id, SIGKILL)
        running.ended()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Runs a TLS server for as long as the body runs.
func withSecureUpstream(subject: String, _ body: (SecureUpstream) async throws -> Void) async throws {
    let upstream = try await SecureUpstream(subject: subject)
    defer { upstream.close() }
    try await body(upstream)
}
