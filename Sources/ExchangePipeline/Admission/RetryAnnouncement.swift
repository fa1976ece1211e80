package import ChatWire
internal import Digests
package import MemoryCore
package import NIOCore

/// How clients announce that they send a request again.
package enum RetryAnnouncement {
    /// Fields that count tries: those of OpenAI's own libraries, and one that others use.
    private static let counters = ["X-Stainless-Retry-Count", "X-Retry-Count"]

    /// What a retry of a request would be known by; nothing for clients that announce none.
    ///
    /// - Parameter session: the name that the request gives its session; nil for none. A retry names what
    ///   its first try named: the same body without the name must not lead into the session.
    package static func fingerprints(
        _ headers: HeaderFields, body: ByteBuffer, session: String?
    ) -> [RequestFingerprint] {
        var fingerprints: [RequestFingerprint] = []
        // No name is empty, and none holds a NUL.
        let naming = Array((session ?? "").utf8) + [0]
        if let key = headers.first("Idempotency-Key"), !key.isEmpty {
            fingerprints.append(
                fingerprint(.idempotencyKey, Array(key.utf8) + [0] + naming, body, isRetry: true))
        }
        for name in counters {
            guard let count = headers.first(name).flatMap({ Int($0) }) else { continue }
            fingerprints.append(fingerprint(.countedTry, naming, body, isRetry: count > 0))
            break
        }
        return fingerprints
    }

    private static func fingerprint(
        _ kind: RequestFingerprint.Kind, _ prefix: [UInt8], _ body: ByteBuffer, isRetry: Bool
    ) -> RequestFingerprint {
        let digest = Digest(sha256: prefix + body.readableBytesView).bytes
        func number(_ place: Int) -> UInt64 {
            digest[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        return RequestFingerprint(kind, high: number(0), low: number(8), isRetry: isRetry)
    }
}
