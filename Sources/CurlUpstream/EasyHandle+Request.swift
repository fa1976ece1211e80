internal import CCurl
internal import UpstreamClient

extension EasyHandle {
    /// Options that are the same for every transfer of an engine.
    @unsafe func setConstants(engine: UnsafeMutableRawPointer) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // A 7.88 stream of HTTP/2 opens a window of 32 MB, which defeats back-pressure.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Idle connections are not watched: one that its server closed is found out only when it is used.
        set(CURLOPT_MAXAGE_CONN, 50)
        set(CURLOPT_NOPROXY, "")
        _ = unsafe memgate_set_data_callback(raw, CURLOPT_WRITEFUNCTION, curlWriteCallback)
        _ = unsafe memgate_set_data_callback(raw, CURLOPT_HEADERFUNCTION, curlHeaderCallback)
        _ = unsafe memgate_set_data_callback(raw, CURLOPT_READFUNCTION, curlReadCallback)
        _ = unsafe memgate_set_seek_callback(raw, curlSeekCallback)
        _ = unsafe memgate_set_close_callback(raw, curlCloseCallback)
        unsafe set(CURLOPT_CLOSESOCKETDATA, engine)
    }

    /// Everything that differs between transfers; also what the last transfer of this handle set and this one
    /// does not.
    @unsafe func setRequest(
        _ request: UpstreamRequest, _ url: OriginURL, _ fields: RequestFields, _ body: PinnedBytes?,
        transfer: UnsafeMutableRawPointer
    ) {
        if upstream !== request.upstream { setUpstream(request.upstream, url) }
        set(CURLOPT_REQUEST_TARGET, requestTarget(request))
        _ = unsafe memgate_set_list(raw, CURLOPT_HTTPHEADER, fields.raw)
        setMethodAndBody(request, body)
        unsafe set(CURLOPT_PRIVATE, transfer)
        unsafe set(CURLOPT_WRITEDATA, transfer)
        unsafe set(CURLOPT_HEADERDATA, transfer)
        unsafe set(CURLOPT_READDATA, transfer)
        unsafe set(CURLOPT_SEEKDATA, transfer)
    }

    private func setUpstream(_ upstream: Upstream, _ url: OriginURL) {
        unsafe set(CURLOPT_CURLU, UnsafeMutableRawPointer(url.raw))
        set(CURLOPT_PROXY, upstream.proxy ?? "")
        set(CURLOPT_CONNECTTIMEOUT_MS, upstream.limits.connect.wholeMilliseconds)
        set(CURLOPT_CAINFO, upstream.certificateAuthorities ?? systemAuthorities)
        self.upstream = upstream
    }

    private func setMethodAndBody(_ request: UpstreamRequest, _ body: PinnedBytes?) {
        set(CURLOPT_HTTPGET, 1)
        set(CURLOPT_CUSTOMREQUEST, nil as String?)
        switch request.body {
        case .none:
            if request.method == "HEAD" {
                set(CURLOPT_NOBODY, 1)
            } else if request.method != "GET" {
                set(CURLOPT_CUSTOMREQUEST, request.method)
            }
        case .bytes:
            set(CURLOPT_POST, 1)
            unsafe set(CURLOPT_POSTFIELDS, body?.pointer)
            setOffset(CURLOPT_POSTFIELDSIZE_LARGE, body?.count ?? 0)
            if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
        case .stream(let length):
            set(CURLOPT_UPLOAD, 1)
            setOffset(CURLOPT_INFILESIZE_LARGE, length ?? -1)
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    /// A plain proxy wants the absolute form; curl takes the given target as it is.
    private func requestTarget(_ request: UpstreamRequest) -> String {
        guard let proxy = request.upstream.proxy, proxy.hasPrefix("http"),
            request.upstream.origin.hasPrefix("http:")
        else { return request.target }
        return request.upstream.origin + request.target
    }
}

extension Duration {
    /// Rounded up, so that no limit becomes 0, which curl reads as its default.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
