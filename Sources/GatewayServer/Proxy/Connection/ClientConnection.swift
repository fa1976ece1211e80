internal import ChatWire
internal import ExchangePipeline
internal import Logging
internal import LoopTiming
internal import NIOCore
internal import NIOHTTP1

/// One client's connection: takes its requests one at a time, hands each to an occupant, writes the reply.
///
/// The standard server pipeline is not used: bare decoder and encoder with the bookkeeping here cost 11 %
/// less a request. Owned by its channel; on its loop only.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the request under way stands.
    enum Intake: Equatable {
        /// No head yet.
        case awaitingHead
        /// The head was handed over, the body is on its way.
        case body
        /// The request is whole.
        case whole
        /// The reply is out before the request was whole: the rest is read and thrown away.
        case discarding
    }

    /// Where the reply stands.
    enum Reply: Equatable {
        case none, headSent, finished
    }

    /// How long an unwanted rest is read without a byte, and in all, so that the client sees our answer
    /// instead of a reset.
    static let discardPause = TimeAmount.seconds(5)
    static let discardTime = TimeAmount.seconds(30)

    let loop: ProxyLoop
    var context: ChannelHandlerContext?
    var intake = Intake.awaitingHead
    var reply = Reply.none
    var occupant: (any RequestOccupant)? {
        didSet {
            if oldValue == nil, occupant != nil { loop.shared.requestBegan() }
            if oldValue != nil, occupant == nil { loop.shared.requestEnded() }
        }
    }
    var head: RequestHead?
    /// The page's origin, if a browser's page asks and is served.
    var origin: String?
    var isHTTP10 = false
    /// Whether the request asks for a head alone.
    var isHead = false
    /// Whether the request's head announces a body.
    var hasBody = false
    var keepsAlive = true
    /// Whether what else arrives is no request.
    var isNoise = false
    var endsByClosing = false
    var pending = CircularBuffer<HTTPServerRequestPart>()
    var isIntakeHeld = false
    var isReadHeld = false
    var hasPartialHead = false
    var isHeadClockRunning = false
    var isGone = false
    /// When the reading of an unwanted rest ends at last.
    var discardUntil = NIODeadline.distantFuture
    lazy var intakeDeadline = LazyDeadline(clock: loop.clock) { [unowned self] in intakeExpired() }
    lazy var outputDeadline = LazyDeadline(clock: loop.clock) { [unowned self] in outputExpired() }
    /// Bytes of bodies given to the connection so far, and how many of them the client had taken when it
    /// stopped; what frames them is left out, so the second may be too small.
    var sentBytes = 0
    var takenBytes = 0

    init(loop: ProxyLoop) {
        self.loop = loop
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        intakeDeadline.set(after: loop.limits.headTimeout)
        if loop.connectionOpened(self) {
            context.fireChannelActive()
        } else {
            refuseUnread(
                GatewayError(503, "overloaded", "Too many connections are open; try again.", retryAfter: 1))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if intake == .body || intake == .awaitingHead && isHeadClockRunning {
            loop.logger.info(
                "request broken off", metadata: ["reason": "the client left before its request was whole"])
        }
        leave()
        loop.connectionClosed(self)
        self.context = nil
        context.fireChannelInactive()
    }

    /// The client has left, as far as the request under way is concerned.
    func leave() {
        guard !isGone else { return }
        isGone = true
        intakeDeadline.clear()
        outputDeadline.clear()
        let occupant = self.occupant
        self.occupant = nil
        if reply != .finished { occupant?.clientLeft() }
    }

    func close() {
        context?.close(promise: nil)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        hasPartialHead = false
        guard pending.isEmpty, !isIntakeHeld || !isBody(part), canTake(part) else {
            pending.append(part)
            return
        }
        take(part)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if intake == .body { occupant?.bodyPaused() }
        if hasPartialHead, intake == .awaitingHead { headIsPartial() }
    }

    /// Raw bytes arrived in front of the decoder.
    func bytesArrived() {
        hasPartialHead = intake == .awaitingHead
        switch intake {
        case .body:
            intakeDeadline.set(after: loop.limits.bodyTimeout)
        case .discarding:
            intakeDeadline.set(after: min(Self.discardPause, discardUntil - loop.clock.now))
        case .awaitingHead, .whole:
            break
        }
    }

    func read(context: ChannelHandlerContext) {
        if pending.isEmpty, !isIntakeHeld { context.read() } else { isReadHeld = true }
    }

    private func isBody(_ part: HTTPServerRequestPart) -> Bool {
        if case .head = part { false } else { true }
    }

    /// A pipelined head waits until the reply before it is out.
    private func canTake(_ part: HTTPServerRequestPart) -> Bool {
        if intake == .discarding { return true }
        return isBody(part) ? intake != .whole : intake == .awaitingHead
    }

    private func take(_ part: HTTPServerRequestPart) {
        guard intake != .discarding else { return discard(part) }
        switch part {
        case .head(let head): take(head)
        case .body(let bytes): occupant?.bodyArrived(bytes)
        case .end: takeEnd()
        }
    }

    private func discard(_ part: HTTPServerRequestPart) {
        guard case .end = part else { return }
        if keepsAlive { nextRequest() } else { close() }
    }

    private func takeEnd() {
        intake = .whole
        intakeDeadline.clear()
        occupant?.bodyEnded()
    }

    /// Goes on with what was read earlier, and lets the channel read again.
    func takePending() {
        while !isGone, let part = pending.first, canTake(part), !isIntakeHeld || !isBody(part) {
            pending.removeFirst()
            take(part)
        }
        guard isReadHeld, pending.isEmpty, !isIntakeHeld, !isGone else { return }
        isReadHeld = false
        context?.read()
    }

    /// Stops and restarts the reading of the request's body: the upstream takes no more for now.
    func holdIntake(_ isHeld: Bool) {
        guard isIntakeHeld != isHeld else { return }
        isIntakeHeld = isHeld
        if isHeld {
            intakeDeadline.clear()
        } else {
            if intake == .body { intakeDeadline.set(after: loop.limits.bodyTimeout) }
            loop.eventLoop.assumeIsolated().execute { self.takePending() }
        }
    }

    // MARK: Writing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        if isWritable {
            outputDeadline.clear()
        } else {
            watchOutput()
        }
        occupant?.writabilityChanged(isWritable)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        parsingFailed(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { close() }
        context.fireUserInboundEventTriggered(event)
    }
}
