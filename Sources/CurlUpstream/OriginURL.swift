internal import CCurl
internal import UpstreamClient

/// An upstream's address, parsed once by curl and shared by all transfers to it.
@safe final class OriginURL {
    let raw: OpaquePointer
    /// Keeps the key of the engine's table from being used again.
    private let upstream: Upstream

    init?(_ upstream: Upstream) {
        guard let raw = unsafe curl_url() else { return nil }
        unsafe self.raw = raw
        self.upstream = upstream
        guard unsafe curl_url_set(raw, CURLUPART_URL, upstream.origin, 0) == CURLUE_OK else { return nil }
    }

    deinit {
        unsafe curl_url_cleanup(raw)
    }
}
