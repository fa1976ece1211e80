internal import CCurl
internal import UpstreamClient

/// One of curl's easy handles: options are set through typed calls, the handle is freed with its owner.
///
/// Handles are used again without `curl_easy_reset`, which costs 8 % of a request; so whoever prepares one
/// for a transfer sets every option that any transfer sets.
@safe final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    /// The file of certificate authorities that libcurl was built with.
    let systemAuthorities: String?
    /// Where the handle's last transfer went: its options stay set.
    var upstream: Upstream?

    init?() {
        guard let raw = unsafe curl_easy_init() else { return nil }
        unsafe self.raw = raw
        systemAuthorities = unsafe Self.text(raw, CURLINFO_CAINFO)
    }

    deinit {
        unsafe curl_easy_cleanup(raw)
    }

    private static func text(_ raw: UnsafeMutableRawPointer, _ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        _ = unsafe withUnsafeMutablePointer(to: &value) { place in
            unsafe memgate_get_pointer(raw, info, place)
        }
        guard let value = unsafe value else { return nil }
        return unsafe String(cString: value)
    }

    func set(_ option: CURLoption, _ value: Int) {
        _ = unsafe memgate_set_long(raw, option, value)
    }

    func setOffset(_ option: CURLoption, _ value: Int) {
        _ = unsafe memgate_set_offset(raw, option, curl_off_t(value))
    }

    /// Curl copies the text; nil takes the option back.
    func set(_ option: CURLoption, _ value: String?) {
        guard let value else {
            _ = unsafe memgate_set_text(raw, option, nil)
            return
        }
        unsafe value.withCString { text in
            _ = unsafe memgate_set_text(raw, option, text)
        }
    }

    /// Curl keeps the pointer: it must stay valid until the transfer has ended.
    @unsafe func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        _ = unsafe memgate_set_pointer(raw, option, value)
    }

    /// What a proxy answered when it was asked for a tunnel; 0 where none was.
    var tunnelStatus: Int {
        var status = 0
        _ = unsafe memgate_get_long(raw, CURLINFO_HTTP_CONNECTCODE, &status)
        return status
    }

    /// Bytes of the request that were sent, its head included.
    var requestBytesSent: Int {
        var size = 0
        _ = unsafe memgate_get_long(raw, CURLINFO_REQUEST_SIZE, &size)
        return size
    }
}
