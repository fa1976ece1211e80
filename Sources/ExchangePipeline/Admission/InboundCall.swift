package import ChatWire
package import NIOCore

/// A request on a memory route, whole: what the listener hands to the pipeline.
package struct InboundCall: Sendable {
    /// Names that the base URL's segments gave.
    package struct Names: Hashable, Sendable {
        /// From `/u/<user>`.
        package var user: String?
        /// From `/s/<session>`.
        package var session: String?
        /// From `/p/<policy>`.
        package var policy: String?

        /// Names by segment.
        package init(user: String? = nil, session: String? = nil, policy: String? = nil) {
            self.user = user
            self.session = session
            self.policy = policy
        }
    }

    /// The path as the client wrote it.
    package var path: String
    /// Where it goes at the upstream.
    package var upstreamPath: UpstreamPath
    /// Whom it comes from.
    package var caller: Caller
    /// What the base URL named.
    package var names: Names
    /// All fields as they came.
    package var headers: HeaderFields
    /// The fields that go up, those of the upstream's settings still to come.
    package var forwardedHeaders: HeaderFields
    /// The body, its content coding removed.
    package var body: ByteBuffer

    /// A call by its members.
    package init(
        path: String, upstreamPath: UpstreamPath, caller: Caller, names: Names, headers: HeaderFields,
        forwardedHeaders: HeaderFields, body: ByteBuffer
    ) {
        self.path = path
        self.upstreamPath = upstreamPath
        self.caller = caller
        self.names = names
        self.headers = headers
        self.forwardedHeaders = forwardedHeaders
        self.body = body
    }
}
