internal import ChatWire
internal import ExchangePipeline
internal import Logging
internal import LoopTiming
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import SystemCalls

extension ClientConnection {
    /// A request begins.
    func take(_ head: HTTPRequestHead) {
        intake = .body
        reply = .none
        origin = nil
        isHTTP10 = head.version.minor == 0
        isHead = head.method == .HEAD
        hasBody = Self.announcesBody(head.headers)
        // Behind a CONNECT, as behind an upgrade, the decoder reads nothing more.
        keepsAlive = head.isKeepAlive && !loop.shared.isDraining && head.method != .CONNECT
        intakeDeadline.set(after: loop.limits.bodyTimeout)
        do throws(GatewayError) {
            try admit(head)
        } catch {
            refuse(error)
        }
    }

    private static func announcesBody(_ headers: HTTPHeaders) -> Bool {
        headers.contains(name: "transfer-encoding")
            || headers.first(name: "content-length").map { $0 != "0" } ?? false
    }

    private func admit(_ head: HTTPRequestHead) throws(GatewayError) {
        let headers = HeaderFields(head.headers.map { ($0.name, $0.value) })
        try checkHead(head)
        if !loop.settings.access.needsKey { try loop.checkHost(headers) }
        origin = try loop.rules.admittedOrigin(headers)
        if loop.shared.isDraining {
            throw GatewayError(503, "draining", "The gateway is shutting down; try again.", retryAfter: 1)
        }
        let target = try RequestTarget(head.uri)
        var request = RequestHead(
            method: head.method.rawValue, uri: head.uri, target: target, headers: headers,
            framing: Self.framing(headers), arrivedAt: loop.clock.now)
        self.head = request
        if let origin, BrowserRules.isPreflight(method: request.method, headers) {
            // Its head holds the fields that others are given when they are sent.
            self.origin = nil
            return answer(BrowserRules.preflight(headers, origin: origin), ByteBuffer())
        }
        try checkLoop(headers)
        let caller = try loop.settings.access.admit(&request.headers, target: head.uri)
        if headers.contains("Upgrade"), Self.tokens(headers, "Connection").contains("upgrade") {
            keepsAlive = false
            throw GatewayError(
                426, "upgrade_required", "Protocol upgrades are not served; use plain HTTP/1.1 requests.")
        }
        occupant = try loop.occupant(for: request, from: caller, on: self)
        if Self.tokens(headers, "Expect").contains("100-continue"), !isHTTP10, reply == .none {
            sendContinue()
        }
    }

    private func checkHead(_ head: HTTPRequestHead) throws(GatewayError) {
        guard head.version.major == 1 else {
            throw GatewayError(400, "invalid_request", "The request is neither HTTP/1.1 nor HTTP/1.0.")
        }
        guard head.version.minor > 0, !head.headers.contains(name: "host") else { return }
        throw GatewayError(400, "invalid_request", "An HTTP/1.1 request needs a Host field.")
    }

    private func checkLoop(_ headers: HeaderFields) throws(GatewayError) {
        guard Self.tokens(headers, HopFields.memoryHop).contains(loop.shared.hopName) else { return }
        throw GatewayError(
            508, "loop_detected",
            "The request came back to this gateway: its upstream leads to itself. Set upstreams.url to the "
                + "model server's own address.")
    }

    private static func framing(_ headers: HeaderFields) -> BodyFraming {
        if headers.contains("Transfer-Encoding") { return .chunked }
        guard let text = headers.first("Content-Length"), let length = Int(text) else { return .none }
        return .length(length)
    }

    private static func tokens(_ headers: HeaderFields, _ name: String) -> [String] {
        guard headers.contains(name) else { return [] }
        return headers.all(name).flatMap { value in
            value.split(separator: ",").map { token in
                token.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }.lowercased()
            }
        }
    }

    // MARK: Answers of our own

    /// Answers with an error; where the request is not whole the connection ends after it.
    func refuse(_ error: GatewayError, adding fields: HeaderFields = HeaderFields()) {
        loop.logger.info(
            "request refused",
            metadata: [
                "status": "\(error.status)", "code": "\(error.code)", "reason": "\(error.loggedMessage)",
            ])
        let body = error.body
        var head = error.head(bodyBytes: body.readableBytes)
        head.headers.pairs += fields.pairs
        if speaksOfMemory, !head.headers.contains("X-Memory-Status") {
            head.headers.append("X-Memory-Status", "skipped; reason=error")
            loop.exchanges.metrics.refusedUnseen()
        }
        answer(head, body)
    }

    /// True on memory routes, and where a request was refused before its route was known.
    private var speaksOfMemory: Bool {
        guard let head else { return true }
        if case .chatCompletions = RouteTable.route(method: head.method, head.target) { return true }
        return false
    }

    /// Answers with a whole reply of our own.
    func answer(_ head: ReplyHead, _ body: ByteBuffer) {
        sendHead(head)
        if body.readableBytes > 0, !isHead { send(body) }
        finish()
    }

    /// The decoder gave up: what is left of the connection is noise.
    func parsingFailed(_ error: any Error) {
        guard let parserError = error as? HTTPParserError else {
            if error is IOError { close() }
            return
        }
        // That a request breaks off is told when the channel ends.
        guard parserError != .invalidEOFState else { return }
        switch intake {
        case .awaitingHead:
            refuseUnread(Self.error(for: parserError))
        case .body:
            loop.logger.info("request body malformed", metadata: ["reason": "\(parserError)"])
            bodyMalformed()
        case .whole:
            // The request before it is answered all the same.
            loop.logger.info("next request malformed", metadata: ["reason": "\(parserError)"])
            keepsAlive = false
        case .discarding:
            break
        }
    }

    /// A body that breaks off in bad framing: where nothing was answered yet, say so.
    private func bodyMalformed() {
        guard reply == .none else { return close() }
        letGoOfOccupant()
        refuseUnread(
            GatewayError(400, "invalid_request", "The request's body is not framed as its head says."))
    }

    private func letGoOfOccupant() {
        let occupant = self.occupant
        self.occupant = nil
        occupant?.clientLeft()
    }

    /// Answers with an error, and ends the connection: what else is read of it means nothing.
    func refuseUnread(_ error: GatewayError) {
        if intake == .awaitingHead {
            reply = .none
            isHead = false
            origin = nil
        }
        keepsAlive = false
        isNoise = true
        intake = .body
        refuse(error)
    }

    private static func error(for parserError: HTTPParserError) -> GatewayError {
        if parserError == .headerOverflow {
            return GatewayError(
                431, "headers_too_large",
                "The request's head is larger than limits.headers; send fewer or shorter fields.")
        }
        return GatewayError(400, "invalid_request", "The request's head is not valid HTTP: \(parserError).")
    }

    // MARK: Timers

    /// Only a head that does not arrive in one read needs a clock.
    func headIsPartial() {
        guard reply == .none || reply == .finished, !isHeadClockRunning else { return }
        isHeadClockRunning = true
        intakeDeadline.set(after: loop.limits.headTimeout)
    }

    func intakeExpired() {
        switch intake {
        case .awaitingHead where isHeadClockRunning:
            tooSlow("The request's head did not arrive within limits.headTimeout.")
        case .awaitingHead where pendingOutputBytes > 0:
            intakeDeadline.set(after: loop.limits.writeStall)
        case .awaitingHead, .discarding:
            close()
        case .body:
            tooSlow("The request's body stopped for longer than limits.bodyTimeout.")
        case .whole:
            break
        }
    }

    private func tooSlow(_ message: String) {
        guard reply != .headSent else { return close() }
        letGoOfOccupant()
        refuseUnread(GatewayError(408, "request_timeout", message))
    }

    func watchOutput() {
        takenBytes = sentBytes - untakenOutputBytes
        outputDeadline.set(after: loop.limits.writeStall)
    }

    func outputExpired() {
        guard sentBytes - untakenOutputBytes <= takenBytes else { return watchOutput() }
        loop.logger.info("client takes no bytes", metadata: ["pending": "\(untakenOutputBytes)"])
        close()
    }

    /// What the system holds counts too: it asks for more only when a large part of it is gone.
    private var untakenOutputBytes: Int {
        let held = try? context?.pipeline.syncOperations
            .withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { try TCPSocket.untakenBytes($0) }
        return pendingOutputBytes + (held.flatMap { $0 } ?? 0)
    }

    private var pendingOutputBytes: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
