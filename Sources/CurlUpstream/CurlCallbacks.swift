internal import CCurl
internal import CSystemCalls
internal import SystemCalls

// The functions that curl calls. Each gets its engine or transfer through the context pointer that was set
// for it; both outlive the handle they are set on.

func curlSocketCallback(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32,
    _ context: UnsafeMutableRawPointer?, _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue().curlWants(what, of: socket)
    return 0
}

func curlTimerCallback(
    _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue()
        .curlSetsTimer(milliseconds: milliseconds)
    return 0
}

func curlCloseCallback(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    if let context = unsafe context {
        unsafe Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue().curlCloses(socket)
    }
    memgate_close(socket)
    return 0
}

func curlHeaderCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveHeader(line)
    return size * count
}

func curlWriteCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let body = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    let taken = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveBody(body)
    return taken ? size * count : Int(CURL_WRITEFUNC_PAUSE)
}

func curlReadCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
    let room = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().provideBody(room)
}

/// Curl rewinds a streamed body when it sends the request again on a new connection.
func curlSeekCallback(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let context = unsafe context else { return CURL_SEEKFUNC_FAIL }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return offset == 0 && transfer.rewindBody() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
}

extension EpollQueue.Interest {
    /// From curl's `CURL_POLL_…`.
    init(curlPoll what: Int32) {
        switch what {
        case CURL_POLL_IN: self = .readable
        case CURL_POLL_OUT: self = .writable
        case CURL_POLL_INOUT: self = [.readable, .writable]
        default: self = []
        }
    }

    /// As curl's `CURL_CSELECT_…`.
    var curlBits: Int32 {
        var bits: Int32 = 0
        if contains(.readable) { bits |= CURL_CSELECT_IN }
        if contains(.writable) { bits |= CURL_CSELECT_OUT }
        if contains(.broken) { bits |= CURL_CSELECT_ERR }
        return bits
    }
}
