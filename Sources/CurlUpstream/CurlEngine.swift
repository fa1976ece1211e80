internal import CCurl
internal import ChatWire
internal import Logging
package import LoopTiming
package import NIOCore
internal import SystemCalls
package import UpstreamClient

/// The upstream port over libcurl, for one event loop: one multi handle, and every call of curl on the loop's
/// thread.
///
/// From inside curl's callbacks sinks only write to their channel and set flags; starts, cancels and resumes
/// are queued here and carried out between curl's calls, because un-pausing calls the write callback at once.
@safe package final class CurlEngine: UpstreamTransport {
    /// After so many rounds a drain goes on in a later turn: a fast upstream would otherwise keep the loop.
    private static let roundsPerDrain = 16
    /// Connections kept open to upstreams, and handles kept to be used again.
    private static let pooled = 256
    /// How often the transfers' time limits are looked at.
    private static let clockInterval = TimeAmount.milliseconds(100)

    let loop: any EventLoop
    let clock: any LoopClock
    private let multi: UnsafeMutableRawPointer
    private let sockets: EpollQueue
    private var readiness: (any Readiness)?
    private var isArmed = false
    private var table = SocketTable()
    private var active: [Transfer] = []
    private var idleHandles: [EasyHandle] = []
    private var targets: [ObjectIdentifier: OriginURL] = [:]
    private var starts: [Transfer] = []
    private var changes: [Transfer] = []
    private var touched: [Transfer] = []
    private var timer: Scheduled<Void>?
    /// When curl wants its timer, and when the task that stands for it runs.
    private var timerAt: NIODeadline?
    private var timerTaskAt: NIODeadline?
    private var isKicked = false
    private var isDraining = false
    private var isDrainScheduled = false
    private var isClockScheduled = false
    private var isLookScheduled = false
    private var isClosed = false

    /// An engine for a loop; to be called on it.
    ///
    /// - Parameter poller: says when sockets are ready, where the kernel does not.
    package init(loop: any EventLoop, clock: any LoopClock, poller: ReadinessPoller) throws {
        loop.preconditionInEventLoop()
        guard let multi = unsafe curl_multi_init() else {
            throw UpstreamError(.internalFault, retry: .safe, "libcurl gives no multi handle")
        }
        self.loop = loop
        self.clock = clock
        unsafe self.multi = multi
        sockets = try EpollQueue()
        setMultiOptions()
        readiness = try poller.readiness(of: sockets, on: loop) { [weak self] in self?.wake() }
        isArmed = true
    }

    /// Ends all transfers, as cut, and closes connections. To be called on the loop, once.
    package func close() {
        loop.preconditionInEventLoop()
        isClosed = true
        readiness?.close()
        readiness = nil
        timer?.cancel()
        let ended = active + starts
        for transfer in active { detach(transfer) }
        active = []
        starts = []
        idleHandles = []
        _ = unsafe curl_multi_cleanup(multi)
        // Sinks whose client has left still record what came.
        for transfer in ended {
            transfer.end(UpstreamError(.cut, retry: .unsafe, "the gateway was stopped"))
        }
    }

    /// See `UpstreamTransport`.
    package func start(_ request: UpstreamRequest, sink: any UpstreamSink) -> any UpstreamCall {
        let transfer = Transfer(request, sink: sink, engine: self, now: clock.now)
        starts.append(transfer)
        scheduleDrain()
        return transfer
    }

    /// The transfer wants something done between curl's calls.
    func change(_ transfer: Transfer) {
        changes.append(transfer)
        scheduleDrain()
    }

    /// The transfer has bytes for its sink, or its sink something to flush.
    func touch(_ transfer: Transfer) {
        touched.append(transfer)
    }

    // MARK: Draining

    private func scheduleDrain() {
        guard !isDraining, !isDrainScheduled else { return }
        isDrainScheduled = true
        loop.assumeIsolated().execute { self.drain() }
    }

    private func wake() {
        guard !isClosed else { return }
        isArmed = false
        drain()
    }

    private func drain() {
        isDrainScheduled = false
        guard !isClosed, !isDraining else { return }
        isDraining = true
        var rounds = 0
        repeat {
            rounds += 1
            let mayHaveMore = isArmed ? false : reportSockets()
            runKicks()
            readMessages()
            performChanges()
            if mayHaveMore { isKicked = true }
        } while (isKicked || !starts.isEmpty || !changes.isEmpty) && rounds < Self.roundsPerDrain
        isDraining = false
        flushTouched()
        if isKicked || !starts.isEmpty || !changes.isEmpty {
            scheduleDrain()
        } else if !isArmed {
            arm()
        }
    }

    /// Where the system is short of something, the sockets are looked at again a little later.
    private func arm() {
        isArmed = true
        do {
            try readiness?.arm()
        } catch {
            isArmed = false
            guard !isLookScheduled else { return }
            isLookScheduled = true
            loop.assumeIsolated().scheduleTask(in: .milliseconds(5)) {
                self.isLookScheduled = false
                self.drain()
            }
        }
    }

    /// Tells curl which sockets are ready.
    ///
    /// - Returns: whether there may be more than fitted into one batch.
    private func reportSockets() -> Bool {
        var ready: [EpollQueue.Event] = []
        let count = (try? sockets.wait(milliseconds: 0) { ready.append($0) }) ?? 0
        for event in ready {
            let socket = Int32(truncatingIfNeeded: event.tag)
            let (report, change) = table.event(event.ready, on: socket)
            perform(change, socket)
            if !report.isEmpty { act(on: socket, report.curlBits) }
        }
        return count == EpollQueue.batch
    }

    private func runKicks() {
        var kicks = 0
        while isKicked, kicks < Self.roundsPerDrain {
            isKicked = false
            kicks += 1
            act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }

    private func act(on socket: Int32, _ bits: Int32) {
        var running: Int32 = 0
        _ = unsafe curl_multi_socket_action(multi, socket, bits, &running)
    }

    private func readMessages() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle
            else { continue }
            // The message is gone once the handle is removed.
            let code = unsafe message.pointee.data.result
            guard let transfer = unsafe Transfer.of(easy) else { continue }
            let failure = transfer.failure(code)
            remove(transfer)
            if let failure, transfer.mayTryAgain(after: failure) {
                starts.append(transfer)
            } else {
                transfer.end(failure)
            }
        }
    }

    private func performChanges() {
        if !starts.isEmpty {
            let batch = starts
            starts = []
            for transfer in batch where !transfer.isCancelled { begin(transfer) }
        }
        while let transfer = changes.popLast() {
            if transfer.isCancelled { remove(transfer) } else { transfer.applyPause() }
        }
    }

    private func flushTouched() {
        let batch = touched
        touched = []
        for transfer in batch { transfer.flush() }
    }

    // MARK: Transfers

    private func begin(_ transfer: Transfer) {
        guard let handle = idleHandles.popLast() ?? newHandle(),
            let url = originURL(transfer.request.upstream)
        else {
            transfer.end(
                UpstreamError(.internalFault, retry: .safe, "libcurl cannot take the upstream's URL"))
            return
        }
        transfer.prepare(handle, url, now: clock.now)
        transfer.index = active.count
        active.append(transfer)
        _ = unsafe curl_multi_add_handle(multi, handle.raw)
        scheduleClock()
    }

    private func newHandle() -> EasyHandle? {
        guard let handle = EasyHandle() else { return nil }
        unsafe handle.setConstants(engine: Unmanaged.passUnretained(self).toOpaque())
        return handle
    }

    private func originURL(_ upstream: Upstream) -> OriginURL? {
        if let known = targets[ObjectIdentifier(upstream)] { return known }
        let made = OriginURL(upstream)
        targets[ObjectIdentifier(upstream)] = made
        return made
    }

    private func remove(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        detach(transfer)
        if let last = active.popLast(), last !== transfer {
            active[transfer.index] = last
            last.index = transfer.index
        }
        if idleHandles.count < Self.pooled { idleHandles.append(handle) }
    }

    private func detach(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        _ = unsafe curl_multi_remove_handle(multi, handle.raw)
        transfer.release()
    }

    // MARK: Clocks

    private func scheduleClock() {
        guard !isClockScheduled else { return }
        isClockScheduled = true
        clock.schedule(at: clock.now + Self.clockInterval) { self.checkClocks() }
    }

    private func checkClocks() {
        isClockScheduled = false
        guard !isClosed, !active.isEmpty else { return }
        let now = clock.now
        for transfer in active where transfer.expiry(at: now) != nil {
            let failure = transfer.timeout(at: now)
            remove(transfer)
            transfer.end(failure)
        }
        flushTouched()
        scheduleClock()
    }

    // MARK: What curl's callbacks say

    func curlWants(_ what: Int32, of socket: Int32) {
        perform(table.want(EpollQueue.Interest(curlPoll: what), of: socket), socket)
    }

    func curlCloses(_ socket: Int32) {
        table.closed(socket)
    }

    func curlSetsTimer(milliseconds: Int) {
        if milliseconds == 0 {
            isKicked = true
            scheduleDrain()
        }
        guard milliseconds > 0 else {
            timerAt = nil
            return
        }
        let at = loop.now + .milliseconds(Int64(milliseconds))
        timerAt = at
        scheduleTimer(at)
    }

    /// Curl's timers nearly always move later: the task that runs is kept, and looks again when it fires.
    private func scheduleTimer(_ at: NIODeadline) {
        if timer != nil, let scheduled = timerTaskAt, scheduled <= at { return }
        timer?.cancel()
        timerTaskAt = at
        timer = loop.assumeIsolated().scheduleTask(deadline: at) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        timerTaskAt = nil
        guard !isClosed, let at = timerAt else { return }
        guard at <= loop.now else { return scheduleTimer(at) }
        timerAt = nil
        isKicked = true
        drain()
    }

    private func perform(_ change: SocketTable.Change, _ socket: Int32) {
        let tag = UInt64(socket)
        switch change {
        case .none: break
        case .add(let interest): try? sockets.add(socket, interest, tag: tag)
        case .modify(let interest): try? sockets.modify(socket, interest, tag: tag)
        case .remove: try? sockets.remove(socket)
        }
    }

    private func setMultiOptions() {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe memgate_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = unsafe memgate_multi_set_socket_callback(multi, curlSocketCallback)
        _ = unsafe memgate_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        _ = unsafe memgate_multi_set_timer_callback(multi, curlTimerCallback)
        _ = unsafe memgate_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.pooled)
    }
}
