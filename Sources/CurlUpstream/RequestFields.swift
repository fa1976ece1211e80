internal import CCurl
internal import ChatWire
internal import UpstreamClient

/// A request's header fields in curl's form.
@safe final class RequestFields {
    private(set) var raw: UnsafeMutablePointer<curl_slist>?

    init(_ request: UpstreamRequest) {
        for (name, value) in request.headers.pairs {
            // «Name:» would delete the field; an empty one is spelled «Name;».
            append(value.isEmpty ? name + ";" : name + ": " + value)
        }
        append("Expect:")
        if !request.headers.contains("Accept") { append("Accept:") }
        if case .none = request.body { return }
        if !request.headers.contains("Content-Type") { append("Content-Type:") }
        if case .stream(length: nil) = request.body { append("Transfer-Encoding: chunked") }
    }

    deinit {
        unsafe curl_slist_free_all(raw)
    }

    private func append(_ line: String) {
        if let longer = unsafe curl_slist_append(raw, line) { unsafe raw = longer }
    }
}
