import ChatWire
import NIOCore

// One command: swift run -c release WireBenchmark
// Times are of one thread; the least of many runs says what the code costs, the median what the machine gave.

let additions = ["user", "assistant"].map { role in
    ByteBuffer(string: #"{"role":"\#(role)","content":"What was said before, in one line or two."}"#)
}

print("locate and splice one request         bytes     min µs   median µs")
for script in SampleText.allCases {
    for size in [2_400, 20_000, 200_000] {
        let body = SampleRequest.body(of: size, script)
        let timing = Timing.measure {
            guard case .chat(let request) = try? ChatRequest.locate(in: body) else {
                preconditionFailure("the sample is no chat request")
            }
            let insertion = ChatRequest.Insertion(before: 1, additions)
            return request.spliced(inserting: [insertion]).readableBytes
        }
        print(Table.row(script.title, body.readableBytes, timing.least / 1000, timing.median / 1000))
    }
}

print("\ntap a stream, per delta               bytes     min ns   median ns")
for script in SampleText.allCases {
    for perRead in [1, 16] {
        let stream = SampleStream(deltas: 512, script: script)
        let reads = stream.reads(of: perRead)
        let timing = Timing.measure {
            var tap = ReplyTap()
            for read in reads { tap.feed(read) }
            tap.end()
            return tap.reply.choices.count
        }
        let title = "\(script.title), \(perRead) a read"
        let perDelta = Double(stream.deltas.count)
        print(Table.row(title, stream.bytesPerDelta, timing.least / perDelta, timing.median / perDelta))
    }
}
