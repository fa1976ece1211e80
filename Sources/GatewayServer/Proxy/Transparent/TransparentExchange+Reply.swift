internal import ChatWire
internal import ExchangePipeline
internal import NIOCore
internal import UpstreamClient

extension TransparentExchange: UpstreamSink {
    func upstreamDidAnswer(_ head: UpstreamReplyHead) {
        hasAnswered = true
        client.sendHead(
            ReplyHead(status: head.status, reason: head.reason, headers: HopFields.relayable(head.headers)))
    }

    func acceptsBody() -> Bool {
        client.isWritable
    }

    func upstreamDidSend(_ bytes: ByteBuffer) {
        client.send(bytes)
    }

    func upstreamDidDrain() {
        client.flush()
    }

    func upstreamWantsBody() {
        client.holdIntake(false)
    }

    func upstreamDidFinish() {
        stop()
        client.finish()
    }

    func upstreamDidFail(_ error: UpstreamError) {
        stop()
        if hasAnswered { client.abort() } else { client.refuse(GatewayError(error)) }
    }
}
