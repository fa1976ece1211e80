internal import ChatWire
internal import ExchangePipeline
internal import NIOCore
internal import UpstreamClient

extension TransparentExchange: UpstreamSink {
    func upstreamDidAnswer(_ head: UpstreamReplyHead) {
        hasAnswered = true
        health?.note(.ok)
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
        count(.notRecorded)
        client.finish()
    }

    func upstreamDidFail(_ error: UpstreamError) {
        stop()
        if error.isUnreachable { health?.note(.unreachable) }
        count(hasAnswered ? .incomplete : .failed)
        if hasAnswered { client.abort() } else { client.refuse(GatewayError(error)) }
    }
}
