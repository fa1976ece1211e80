package import ChatWire

/// Which header fields end at this hop.
package enum HopFields {
    /// Says which gateways a request has come through; ours among them means a loop.
    package static let memoryHop = "X-Memory-Hop"

    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    /// A request's fields as they go to the upstream: without hop-by-hop fields, without framing and host,
    /// which the transport makes, and without our own.
    package static func forwardable(_ headers: HeaderFields) -> HeaderFields {
        let named = namedByConnection(headers)
        var kept = HeaderFields()
        kept.pairs.reserveCapacity(headers.pairs.count + 1)
        for pair in headers.pairs {
            let name = pair.0.lowercased()
            if hopByHop.contains(name) || named.contains(name) { continue }
            if name == "host" || name == "content-length" || name == "expect" || isOwn(name) { continue }
            kept.pairs.append(pair)
        }
        return kept
    }

    /// A reply's fields as they go to the client: framing by length is kept, all other framing is made anew.
    ///
    /// - Parameter withoutOwn: drops fields of our names too, for a reply to which ours are added.
    package static func relayable(_ headers: HeaderFields, withoutOwn: Bool = false) -> HeaderFields {
        let named = namedByConnection(headers)
        var kept = HeaderFields()
        kept.pairs.reserveCapacity(headers.pairs.count + 8)
        for pair in headers.pairs {
            let name = pair.0.lowercased()
            if hopByHop.contains(name) || named.contains(name) || withoutOwn && isOwn(name) { continue }
            kept.pairs.append(pair)
        }
        return kept
    }

    private static func isOwn(_ name: String) -> Bool {
        name.hasPrefix("x-memory-") || name == "x-session-id" || name == "x-user-id" || name == "x-chat-id"
    }

    private static func namedByConnection(_ headers: HeaderFields) -> [String] {
        guard headers.contains("Connection") else { return [] }
        return headers.all("Connection").flatMap { value in
            value.split(separator: ",").map { token in
                token.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }.lowercased()
            }
        }
    }
}
