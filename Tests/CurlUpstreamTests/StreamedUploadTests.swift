import NIOCore
import RepeatableRandom
import Testing

@testable import CurlUpstream

/// A body on its way: what is sent, kept and sent again.
@Suite struct StreamedUploadTests {
    @Test("nothing is there until something came, and an end only once it was said")
    func ends() {
        var upload = StreamedUpload()
        var piece = upload.next(atMost: 10)
        #expect(piece == nil)
        upload.append(ByteBuffer(string: "abc"))
        #expect(upload.waitingBytes == 3)
        piece = upload.next(atMost: 2)
        #expect(piece == ByteBuffer(string: "ab"))
        piece = upload.next(atMost: 2)
        #expect(piece == ByteBuffer(string: "c"))
        piece = upload.next(atMost: 2)
        #expect(piece == nil)
        upload.finish()
        piece = upload.next(atMost: 2)
        #expect(piece?.readableBytes == 0)
        #expect(upload.sentBytes == 3 && upload.waitingBytes == 0)
    }

    @Test("a body begins again as often as asked, in whatever pieces it comes and goes")
    func rewinds() {
        for seed in UInt64(0)..<200 {
            var random = SeededRandom(seed: seed)
            let body = (0..<Int.random(in: 1...300, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
            var upload = StreamedUpload()
            var rest = body[...]
            var sent: [UInt8] = []
            var rewinds = 4
            while sent.count < body.count {
                switch Int.random(in: 0..<20, using: &random) {
                case 0...5 where !rest.isEmpty:
                    let piece = rest.prefix(Int.random(in: 1...40, using: &random))
                    upload.append(ByteBuffer(bytes: piece))
                    rest = rest.dropFirst(piece.count)
                case 6 where rewinds > 0:
                    rewinds -= 1
                    let began = upload.rewind()
                    #expect(began)
                    sent = []
                default:
                    let bytes = upload.next(atMost: Int.random(in: 1...30, using: &random))
                    sent += bytes.map { Array($0.readableBytesView) } ?? []
                }
                #expect(upload.sentBytes == sent.count)
                #expect(upload.waitingBytes == body.count - rest.count - sent.count)
            }
            #expect(sent == body)
        }
    }

    @Test("what is too long or no longer needed does not begin again")
    func gone() {
        var upload = StreamedUpload()
        upload.append(ByteBuffer(repeating: 1, count: StreamedUpload.keptBytes + 1))
        _ = upload.next(atMost: StreamedUpload.keptBytes)
        var began = upload.rewind()
        #expect(began)
        while let bytes = upload.next(atMost: 10_000), bytes.readableBytes > 0 {}
        began = upload.rewind()
        #expect(!began)

        var answered = StreamedUpload()
        answered.append(ByteBuffer(string: "a"))
        answered.forget()
        _ = answered.next(atMost: 1)
        began = answered.rewind()
        #expect(!began)
    }
}
