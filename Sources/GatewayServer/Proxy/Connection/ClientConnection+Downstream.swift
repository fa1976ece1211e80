internal import ChatWire
internal import ExchangePipeline
internal import Glibc
internal import LoopTiming
internal import NIOCore
internal import NIOHTTP1

extension ClientConnection: Downstream {
    var isWritable: Bool {
        context?.channel.isWritable ?? false
    }

    func sendHead(_ reply: ReplyHead) {
        guard let context, self.reply == .none else { return }
        self.reply = .headSent
        var headers = reply.headers
        if let origin { BrowserRules.addFields(for: origin, to: &headers) }
        setFraming(&headers, status: reply.status)
        // `custom` also for known codes: the library would put its own phrase in the place of the upstream's.
        let status =
            reply.reason.isEmpty
            ? HTTPResponseStatus(statusCode: reply.status)
            : .custom(code: UInt(reply.status), reasonPhrase: reply.reason)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers.pairs))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Length where the reply names one, chunks for HTTP/1.1, else the connection's end.
    private func setFraming(_ headers: inout HeaderFields, status: Int) {
        let hasNoBody = isHead || status == 204 || status == 304
        if !hasNoBody, !headers.contains("Content-Length") {
            if !isHTTP10 {
                headers.append("Transfer-Encoding", "chunked")
            } else {
                endsByClosing = true
                keepsAlive = false
            }
        }
        if intake == .body, hasBody, !isBodyStillWanted { keepsAlive = false }
        if !keepsAlive {
            headers.append("Connection", "close")
        } else if isHTTP10 {
            headers.append("Connection", "keep-alive")
        }
    }

    func send(_ bytes: ByteBuffer) {
        guard let context, reply == .headSent, !isHead else { return }
        sentBytes += bytes.readableBytes
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    }

    func flush() {
        context?.flush()
    }

    func finish() {
        guard let context, reply == .headSent else { return }
        reply = .finished
        occupant = nil
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if keepsAlive, intake == .whole { return nextRequest() }
        if intake == .body { return discardRest() }
        closeWhenWritten()
    }

    func abort() {
        guard let context, !isGone else { return }
        reply = .finished
        occupant = nil
        if endsByClosing {
            // Without framing only a reset tells a torso from a whole reply.
            _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        closeWhenWritten()
    }

    func sendContinue() {
        guard let context else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// A reply that comes while the body is on its way: only a body that is being passed on is still wanted.
    private var isBodyStillWanted: Bool {
        occupant is TransparentExchange
    }

    /// The connection is ready for another request, which may have arrived already.
    func nextRequest() {
        intake = .awaitingHead
        head = nil
        isHeadClockRunning = false
        intakeDeadline.set(after: loop.limits.keepAlive)
        guard !pending.isEmpty || isReadHeld else { return }
        loop.eventLoop.assumeIsolated().execute { self.takePending() }
    }

    /// Closing with unread bytes would reset the connection, and the client might never see the answer. Where
    /// nothing tells the end of what comes, our direction ends first, and the client closes.
    private func discardRest() {
        intake = .discarding
        isIntakeHeld = false
        discardUntil = loop.clock.now + Self.discardTime
        intakeDeadline.set(after: Self.discardPause)
        if isNoise { context?.close(mode: .output, promise: nil) }
        loop.eventLoop.assumeIsolated().execute { self.takePending() }
    }

    /// Closes behind what was written.
    func closeWhenWritten() {
        guard let context else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
