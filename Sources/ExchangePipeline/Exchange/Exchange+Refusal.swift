internal import ChatWire
internal import Logging
internal import MemoryCore
internal import NIOCore
internal import UpstreamClient

/// A model server that refuses what memory has added: the request is tried once more as the client wrote it.
extension Exchange {
    /// Whether an answer may be about what was added: an error of the request, or a server's own in JSON.
    static func isRefusal(_ head: UpstreamReplyHead) -> Bool {
        switch head.status {
        case 400, 413, 422: true
        case 500: head.headers.first("Content-Type")?.lowercased().contains("json") ?? false
        default: false
        }
    }

    func readRefusal(_ bytes: ByteBuffer) {
        refusal?.read(bytes)
    }

    /// The refusal is read: once more, without what was added.
    func tryWithout() {
        guard let injection = plan.injection, let refusal else { return }
        self.refusal = nil
        plan.injection = nil
        plan.context = nil
        plan.injected = InjectionRecord(reason: "refused by the model server")
        for index in plan.messages.indices { plan.messages[index].turnBlock = nil }
        plan.estimatedTokens = nil
        if let window = ModelWindow.stated(inRefusal: refusal.said.readableBytesUInt8Span) {
            services.shared.models.takes(window, model)
            refused = .tooLong
        } else if refusal.status == 413 {
            refused = .tooLong
        } else {
            refused = .placement(injection.placement)
        }
        guard client != nil || plan.recording != .none else { return }
        send(injection.plainBody)
    }

    /// Whether the answer is to the request without what was added.
    var wasRefused: Bool { refused != nil }

    /// The model server answers what the client wrote: what it refused was ours.
    func answeredWithout() {
        plan.status = .degraded(.refused)
        services.logger.info(
            "model server refused what memory added",
            metadata: ["exchange.id": "\(id)", "model": "\(model.name)"])
        if case .placement(let placement?) = refused {
            services.shared.models.refused(placement, by: model)
        }
    }
}

/// A refusal that is being read.
struct InjectionRefusal {
    /// How much of what is said is kept.
    private static let bytes = 64 * 1024

    let status: Int
    private(set) var said = ByteBuffer()

    init(status: Int) {
        self.status = status
    }

    mutating func read(_ bytes: ByteBuffer) {
        let room = min(Self.bytes - said.readableBytes, bytes.readableBytes)
        guard room > 0, let part = bytes.getSlice(at: bytes.readerIndex, length: room) else { return }
        said.writeImmutableBuffer(part)
    }
}

/// What a model server seems to have refused.
enum RefusedInjection {
    /// Standing text at that place; nil where none stood anywhere.
    case placement(Placement?)
    /// More tokens than it takes.
    case tooLong
}
