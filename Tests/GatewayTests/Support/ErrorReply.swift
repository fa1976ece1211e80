import Foundation
import GatewayTesting
import NIOCore
import Testing

/// An error of the gateway's own, as a client reads it.
struct ErrorReply: Decodable {
    private struct Envelope: Decodable {
        var error: ErrorReply
    }

    var message: String
    var type: String
    var param: String?
    var code: String

    /// - Throws: where the body has not OpenAI's shape.
    init(_ reply: WireMessage) throws {
        self = try JSONDecoder().decode(Envelope.self, from: Data(reply.body.readableBytesView)).error
    }
}

extension WireMessage {
    /// Checks that this is an error of the gateway's own: status, code, OpenAI's shape.
    func expectError(
        _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, "\(head)\n\(text)", sourceLocation: sourceLocation)
        let error = try ErrorReply(self)
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.message.count > 10, sourceLocation: sourceLocation)
        #expect(text.contains(#""param":"#), sourceLocation: sourceLocation)
        #expect(self["Content-Type"] == "application/json", sourceLocation: sourceLocation)
        #expect(self["Content-Length"] == "\(body.readableBytes)", sourceLocation: sourceLocation)
    }
}
