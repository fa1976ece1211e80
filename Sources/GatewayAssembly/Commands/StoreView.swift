internal import ArgumentParser
internal import ChatWire
internal import ExchangePipeline
internal import GatewaySettings
internal import JSONBytes
internal import Logging
internal import NIOCore
internal import UpstreamClient

/// The admin API for commands: of the gateway that runs on the data folder, else of one that is started on
/// the folder for as long as the command takes, which serves nobody else and does no background work.
struct StoreView: Sendable {
    /// Why a call has no result.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let upstream: Upstream
    private let headers: HeaderFields

    private init(_ origin: String, token: String) {
        var limits = UpstreamLimits()
        limits.connect = .seconds(5)
        limits.total = .seconds(60)
        upstream = Upstream(name: "admin", origin: origin, basePath: "/admin/v1", limits: limits)
        headers = HeaderFields([("Authorization", "Bearer \(token)")])
    }

    /// Runs a command; what fails is one line, and exit code 1.
    static func with(_ options: SettingsOptions, _ body: (StoreView) async throws -> Void) async throws {
        let configuration = try LoadedSettings.read(options)
        do {
            if let running = try RunningGateway.holding(configuration.gateway.data) {
                let token = try DataFolder.token(of: configuration)
                return try await body(StoreView(running.admin, token: token))
            }
            var parts = Gateway.Parts(logger: Logger(label: "memgate") { _ in SwiftLogNoOpLogHandler() })
            parts.allowsRemoteFileSystem = options.allowFilesystem
            parts.loops = 1
            parts.isOffline = true
            var elsewhere = options
            elsewhere.listen = "127.0.0.1:0"
            elsewhere.admin = "127.0.0.1:0"
            let gateway = try await Gateway.start(try LoadedSettings.read(elsewhere), parts)
            do {
                try await body(StoreView(gateway.adminAddress, token: gateway.adminToken.text))
            } catch {
                await gateway.close()
                throw error
            }
            await gateway.close()
        } catch {
            StandardStreams.error("memgate: \(error)")
            throw ExitCode.failure
        }
    }

    /// One object.
    func object(_ path: String, method: String = "GET") async throws -> JSONValue {
        let answer = try await UpstreamProbe.with { probe in
            try await probe.ask(method, path, of: upstream, headers: headers).get()
        }
        guard let body = answer.body, let value = try? JSONTreeParser.parse(Array(body.readableBytesView))
        else {
            throw Failure(description: "The gateway at \(upstream.origin) answers \(answer.status).")
        }
        guard (200..<300).contains(answer.status) else {
            throw Failure(description: value["error"]?.text("message") ?? "it answers \(answer.status)")
        }
        return value
    }

    /// A page of a list.
    func list(_ path: String) async throws -> [JSONValue] {
        try await object(path)["data"]?.elements ?? []
    }

    /// A text as a part of a URL.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

extension JSONValue {
    /// A member for people: texts as they are, numbers as they are spelled, others as JSON; nil for null.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        switch value.content {
        case .null: return nil
        case .string(let text): return text
        case .number(let digits): return digits
        case .bool(let flag): return "\(flag)"
        case .object, .array:
            var writer = JSONWriter()
            writer.value(value)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
