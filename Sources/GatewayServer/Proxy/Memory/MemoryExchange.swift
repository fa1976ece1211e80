internal import ChatWire
internal import ExchangePipeline
internal import Gzip
internal import NIOCore

/// A request on a memory route: gathers its body within the limit, then hands it to the pipeline.
final class MemoryExchange: RequestOccupant {
    private let request: RequestHead
    private let path: UpstreamPath
    private let caller: Caller
    private let client: ClientConnection
    private let limit: Int
    private let state: PipelineState
    private let decoder: GzipDecoder?
    private var body = ByteBuffer()
    private var exchange: Exchange?

    /// - Throws: 413 for a body that says it is too large, 415 for a coding that is not read.
    init(
        _ request: RequestHead, to path: UpstreamPath, from caller: Caller, client: ClientConnection
    ) throws(GatewayError) {
        self.request = request
        self.path = path
        self.caller = caller
        self.client = client
        let limit = client.loop.settings.bodyBytes
        self.limit = limit
        state = client.loop.settings.pipeline
        decoder = try Self.decoder(request.headers, limit)
        guard case .length(let length) = request.framing else { return }
        if length > limit { throw Self.tooLarge(limit) }
        body.reserveCapacity(min(length, 1024 * 1024))
    }

    private static func decoder(_ headers: HeaderFields, _ limit: Int) throws(GatewayError) -> GzipDecoder? {
        let codings = headers.all("Content-Encoding").joined(separator: ",").lowercased()
        switch codings {
        case "", "identity": return nil
        case "gzip", "x-gzip": return GzipDecoder(limit: limit)
        default:
            throw GatewayError(
                415, "unsupported_encoding",
                "Content-Encoding '\(codings.prefix(80))' is not read on this route; send the body plain "
                    + "or as gzip.",
                param: "Content-Encoding")
        }
    }

    private static func tooLarge(_ limit: Int) -> GatewayError {
        GatewayError(
            413, "body_too_large",
            "The body is larger than limits.body (\(limit) bytes); send less, or raise the limit in "
                + "plugins.json."
        )
    }

    func bodyArrived(_ bytes: ByteBuffer) {
        do throws(GatewayError) {
            try append(bytes)
        } catch {
            client.refuse(error)
        }
    }

    private func append(_ bytes: ByteBuffer) throws(GatewayError) {
        guard let decoder else {
            guard body.readableBytes + bytes.readableBytes <= limit else { throw Self.tooLarge(limit) }
            body.writeImmutableBuffer(bytes)
            return
        }
        do {
            try decoder.decode(bytes, into: &body)
        } catch .tooLarge {
            throw Self.tooLarge(limit)
        } catch {
            throw Self.brokenGzip
        }
    }

    private static let brokenGzip = GatewayError(
        400, "invalid_encoding", "The body is not the gzip data that Content-Encoding says.",
        param: "Content-Encoding")

    func bodyEnded() {
        do {
            try decoder?.finish()
        } catch {
            return client.refuse(Self.brokenGzip)
        }
        var forwarded = client.loop.forwardedFields(request)
        if decoder != nil { forwarded.removeAll("Content-Encoding") }
        let call = InboundCall(
            path: request.uri, upstreamPath: path, caller: caller, names: request.names,
            headers: request.headers,
            forwardedHeaders: forwarded, body: body)
        body = ByteBuffer()
        exchange = Exchange(call, client.loop.exchanges, state, client: client)
    }

    func bodyPaused() {}

    func writabilityChanged(_ isWritable: Bool) {
        exchange?.writabilityChanged(isWritable)
    }

    func clientLeft() {
        exchange?.clientLeft()
        exchange = nil
    }
}
