internal import CCurl
internal import LoopTiming
internal import NIOCore
internal import UpstreamClient

/// One transfer: what curl's callbacks find behind the handle. A class, because curl needs its address to
/// stay.
@safe final class Transfer: UpstreamCall {
    /// Reply bytes are gathered up to here before they are handed on: fewer, larger writes.
    private static let gatherBytes = 16 * 1024
    /// Above this much of a streamed request body, its sender is asked to wait.
    private static let uploadHighWater = 64 * 1024

    let request: UpstreamRequest
    /// Its place among the engine's active transfers.
    var index = 0
    private(set) var handle: EasyHandle?
    private(set) var isCancelled = false
    private unowned let engine: CurlEngine
    private var sink: (any UpstreamSink)?
    private var clock: TransferClock
    private var lines = HeaderLines()
    private var fields: RequestFields?
    private var pinnedBody: PinnedBytes?
    private var gathered = ByteBuffer()
    private var isTouched = false
    private var isReceivePaused = false
    private var isSendPaused = false
    private var wantsResume = false
    private var wantsSendResume = false
    private var upload = StreamedUpload()
    private var owesBodyWish = false
    private var hasAnswered = false
    private var attempts = 0

    init(_ request: UpstreamRequest, sink: any UpstreamSink, engine: CurlEngine, now: NIODeadline) {
        self.request = request
        self.sink = sink
        self.engine = engine
        clock = TransferClock(limits: request.upstream.limits, now: now)
    }

    /// The transfer behind a handle that curl names.
    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        _ = unsafe withUnsafeMutablePointer(to: &context) { place in
            unsafe memgate_get_pointer(easy, CURLINFO_PRIVATE, place)
        }
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: UpstreamCall

    func cancel() {
        guard !isCancelled, sink != nil else { return }
        isCancelled = true
        sink = nil
        gathered = ByteBuffer()
        engine.change(self)
    }

    func resume() {
        guard isReceivePaused, !wantsResume else { return }
        wantsResume = true
        engine.change(self)
    }

    func send(_ bytes: ByteBuffer) -> Bool {
        guard sink != nil, bytes.readableBytes > 0 else { return true }
        upload.append(bytes)
        resumeSending()
        guard upload.waitingBytes >= Self.uploadHighWater else { return true }
        owesBodyWish = true
        return false
    }

    func finishBody() {
        upload.finish()
        resumeSending()
    }

    private func resumeSending() {
        guard isSendPaused, !wantsSendResume else { return }
        wantsSendResume = true
        engine.change(self)
    }

    // MARK: Called by the engine between curl's calls

    func prepare(_ handle: EasyHandle, _ url: OriginURL, now: NIODeadline) {
        self.handle = handle
        attempts += 1
        clock = TransferClock(limits: request.upstream.limits, now: now)
        let fields = RequestFields(request)
        self.fields = fields
        if case .bytes(let body) = request.body { pinnedBody = PinnedBytes(body) }
        unsafe handle.setRequest(
            request, url, fields, pinnedBody, transfer: Unmanaged.passUnretained(self).toOpaque())
    }

    /// The handle is out of curl's hands.
    func release() {
        handle = nil
        fields = nil
        pinnedBody = nil
    }

    func applyPause() {
        guard let handle else { return }
        if wantsResume {
            wantsResume = false
            isReceivePaused = false
        }
        if wantsSendResume {
            wantsSendResume = false
            isSendPaused = false
        }
        if !isReceivePaused, !isSendPaused { clock.released(at: engine.clock.now) }
        let bits = (isReceivePaused ? CURLPAUSE_RECV : 0) | (isSendPaused ? CURLPAUSE_SEND : 0)
        _ = unsafe curl_easy_pause(handle.raw, bits)
    }

    /// Curl takes a head that breaks off for a reply.
    private static let cutInHead = UpstreamError(
        .cut, retry: .unsafe, "the connection ended before the reply's head did")

    func failure(_ code: CURLcode) -> UpstreamError? {
        guard code != CURLE_OK else { return hasAnswered ? nil : Self.cutInHead }
        let tunnelStatus = handle?.tunnelStatus ?? 0
        guard tunnelStatus < 300 else { return CurlFailure.refusedTunnel(tunnelStatus) }
        return CurlFailure.error(code, requestBytesSent: handle?.requestBytesSent ?? 0, answered: hasAnswered)
    }

    func mayTryAgain(after failure: UpstreamError) -> Bool {
        guard sink != nil, failure.retry == .safe, upload.sentBytes == 0 else { return false }
        return attempts <= request.upstream.limits.retries && failure.code != .timeout
    }

    func expiry(at now: NIODeadline) -> TransferClock.Expiry? {
        clock.expiry(at: now)
    }

    func timeout(at now: NIODeadline) -> UpstreamError {
        let limits = request.upstream.limits
        let what =
            switch clock.expiry(at: now) {
            case .firstByte, nil: "no answer within firstByteTimeout (\(limits.firstByte))"
            case .idle: "no byte within idleTimeout (\(limits.idle))"
            case .total: "no end within totalTimeout (\(limits.total))"
            }
        return UpstreamError(.timeout, retry: .unsafe, what)
    }

    /// Tells the sink how it ended; later calls do nothing.
    func end(_ failure: UpstreamError?) {
        guard let sink else { return }
        deliver()
        self.sink = nil
        if let failure { sink.upstreamDidFail(failure) } else { sink.upstreamDidFinish() }
    }

    /// Hands on what was gathered, after curl has drained.
    func flush() {
        isTouched = false
        guard let sink else { return }
        deliver()
        if owesBodyWish, upload.waitingBytes < Self.uploadHighWater / 2 {
            owesBodyWish = false
            sink.upstreamWantsBody()
        }
        sink.upstreamDidDrain()
    }

    private func deliver() {
        guard gathered.readableBytes > 0, let sink else { return }
        let bytes = gathered
        gathered = ByteBuffer()
        sink.upstreamDidSend(bytes)
    }

    private func touch() {
        guard !isTouched else { return }
        isTouched = true
        engine.touch(self)
    }

    // MARK: Called by curl

    func receiveHeader(_ line: UnsafeRawBufferPointer) {
        let bytes = unsafe line.bindMemory(to: UInt8.self)
        guard let sink, let head = unsafe lines.receive(bytes.span) else { return }
        hasAnswered = true
        upload.forget()
        clock.answered(at: engine.clock.now)
        sink.upstreamDidAnswer(head)
        touch()
    }

    /// - Returns: whether the bytes were taken; if not, curl keeps them and stops reading.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let sink else { return true }
        guard sink.acceptsBody() else {
            isReceivePaused = true
            clock.held(at: engine.clock.now)
            return false
        }
        clock.progressed(at: engine.clock.now)
        _ = unsafe gathered.writeBytes(bytes)
        touch()
        if gathered.readableBytes >= Self.gatherBytes { deliver() }
        return true
    }

    /// Begins the streamed body again, for a new connection.
    ///
    /// - Returns: whether that is possible.
    func rewindBody() -> Bool {
        request.upstream.limits.retries > 0 && upload.rewind()
    }

    /// Fills curl's buffer from the streamed body.
    ///
    /// - Returns: the bytes written, 0 at the end; or curl's word for «none yet» or for «give up»: to curl an
    ///   end would make what came so far a whole body.
    func provideBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        guard !isCancelled else { return Int(CURL_READFUNC_ABORT) }
        guard let bytes = upload.next(atMost: room.count) else {
            isSendPaused = true
            clock.held(at: engine.clock.now)
            return Int(CURL_READFUNC_PAUSE)
        }
        unsafe bytes.withUnsafeReadableBytes { unsafe room.copyMemory(from: $0) }
        clock.progressed(at: engine.clock.now)
        if owesBodyWish { touch() }
        return bytes.readableBytes
    }
}
