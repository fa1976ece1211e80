package import ChatWire

/// Which header fields end at this hop.
package enum HopFields {
    /// Says which gateways a request has come through; ours among them means a loop.
    package static let memoryHop = "X-Memory-Hop"

    private static let hopByHop = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    private static let madeByTransport = ["host", "content-length", "expect"]
    private static let ownIdentifiers = ["x-session-id", "x-user-id", "x-chat-id"]

    /// A request's fields as they go to the upstream: without hop-by-hop fields, without framing and host,
    /// which the transport makes, and without our own.
    package static func forwardable(_ headers: HeaderFields) -> HeaderFields {
        kept(headers, room: 1) { name in
            isOwn(name) || madeByTransport.contains { name.matchesFieldName($0) }
        }
    }

    /// A reply's fields as they go to the client: framing by length is kept, all other framing is made anew.
    ///
    /// - Parameter withoutOwn: drops fields of our names too, for a reply to which ours are added.
    package static func relayable(_ headers: HeaderFields, withoutOwn: Bool = false) -> HeaderFields {
        kept(headers, room: 8) { withoutOwn && isOwn($0) }
    }

    private static func kept(
        _ headers: HeaderFields, room: Int, except isDropped: (String) -> Bool
    ) -> HeaderFields {
        let named = namedByConnection(headers)
        var kept = HeaderFields()
        kept.pairs.reserveCapacity(headers.pairs.count + room)
        for pair in headers.pairs {
            let name = pair.0
            if hopByHop.contains(where: { name.matchesFieldName($0) }) || isDropped(name) { continue }
            if named.contains(where: { name.matchesFieldName($0) }) { continue }
            kept.pairs.append(pair)
        }
        return kept
    }

    private static func isOwn(_ name: String) -> Bool {
        name.hasFieldPrefix("x-memory-") || ownIdentifiers.contains { name.matchesFieldName($0) }
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
