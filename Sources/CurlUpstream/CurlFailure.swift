internal import CCurl
internal import UpstreamClient

/// Reads curl's result codes.
enum CurlFailure {
    /// The error for a transfer that ended with this code, after so many request bytes had been sent.
    static func error(_ code: CURLcode, requestBytesSent: Int, answered: Bool) -> UpstreamError {
        let retry: UpstreamError.Retry = requestBytesSent == 0 && !answered ? .safe : .unsafe
        let text = unsafe String(cString: curl_easy_strerror(code))
        return UpstreamError(kind(code, requestBytesSent, answered), retry: retry, text)
    }

    /// A proxy that opens no tunnel: the upstream has heard nothing.
    static func refusedTunnel(_ status: Int) -> UpstreamError {
        UpstreamError(.unreachable, retry: .unsafe, "the proxy refused the tunnel with status \(status)")
    }

    private static func kind(_ code: CURLcode, _ sent: Int, _ answered: Bool) -> UpstreamError.Code {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return .timeout
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY,
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
            return .unreachable
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            return .malformed
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            return .internalFault
        default:
            return sent == 0 && !answered ? .unreachable : .cut
        }
    }
}
