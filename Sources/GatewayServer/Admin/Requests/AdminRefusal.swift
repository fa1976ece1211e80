internal import ChatWire
internal import ExchangePipeline
internal import Hummingbird
internal import MemoryStore

/// An error as the admin side answers with it: in the shape of the proxy's, with fields or members of its
/// own where a call promises some.
struct AdminRefusal: Error {
    let error: GatewayError
    /// Fields besides those of every error.
    var fields: [(name: String, value: String)] = []
    /// The body, where it says more than the error.
    var body: ByteBuffer?

    init(_ error: GatewayError, fields: [(name: String, value: String)] = [], body: ByteBuffer? = nil) {
        self.error = error
        self.fields = fields
        self.body = body
        if error.status == 401 { self.fields.append(("WWW-Authenticate", "Bearer")) }
    }

    /// What any error becomes.
    init(_ error: any Error, path: String) {
        switch error {
        case let refusal as AdminRefusal: self = refusal
        case let error as GatewayError: self.init(error)
        case let error as StoreError: self.init(Self.unavailable(error))
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound("There is no '\(path.prefix(200))' here."))
        case let error as HTTPError:
            self.init(
                GatewayError(
                    error.status.code, "invalid_request", error.body ?? "The request cannot be read."))
        default:
            self.init(GatewayError(500, "internal_error", "The call failed: \(error)."))
        }
    }

    private static func unavailable(_ error: StoreError) -> GatewayError {
        GatewayError(503, "store_unavailable", "The store cannot be read: \(error)", retryAfter: 1)
    }

    var reply: AdminReply {
        let body = body ?? error.body
        let head = error.head(bodyBytes: body.readableBytes)
        return AdminReply(
            status: head.status, body: body, mediaType: AdminReply.json,
            fields: head.headers.pairs.filter { !$0.0.hasFieldPrefix("content-") } + fields)
    }
}

extension GatewayError {
    /// Something that is not there.
    static func notFound(_ message: String) -> GatewayError {
        GatewayError(404, "not_found", message)
    }
}
