internal import ExchangePipeline

/// A request's target, taken apart: the base-URL segments that name user, session and policy, and the rest.
struct RequestTarget: Equatable {
    /// From `/u/<user>`.
    var user: String?
    /// From `/s/<session>`.
    var session: String?
    /// From `/p/<policy>`.
    var policy: String?
    /// What stands behind the segments, as written, beginning with `/`.
    var path: Substring
    /// The query as written, its `?` included; or empty.
    var query: Substring

    /// Takes a target apart.
    ///
    /// - Throws: 400 for a target that is no path, that climbs, or whose ids are not ids.
    init(_ target: String) throws(GatewayError) {
        guard target.utf8.first == UInt8(ascii: "/") else {
            throw GatewayError(
                400, "invalid_target",
                "The request line names '\(target.prefix(80))'; it must be a path that begins with '/'. "
                    + "Configure memgate as the client's base URL, not as its proxy.")
        }
        let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        query = target[question...]
        path = target[..<question]
        try takeSegments()
        try Self.refuseClimbing(path)
    }

    private mutating func takeSegments() throws(GatewayError) {
        while let (letter, value, rest) = Self.segment(path) {
            switch letter {
            case UInt8(ascii: "u"):
                guard user == nil else { return }
                user = try Self.identifier(value, "user")
            case UInt8(ascii: "s"):
                guard session == nil else { return }
                session = try Self.identifier(value, "session")
            default:
                guard policy == nil else { return }
                policy = try Self.identifier(value, "policy")
            }
            path = rest
        }
    }

    /// `/u/anna/v1…` → (u, anna, /v1…); nil where the path begins otherwise.
    private static func segment(_ path: Substring) -> (UInt8, Substring, Substring)? {
        let bytes = path.utf8
        guard bytes.count > 3, let letter = bytes.dropFirst().first,
            letter == UInt8(ascii: "u") || letter == UInt8(ascii: "s") || letter == UInt8(ascii: "p"),
            bytes.dropFirst(2).first == UInt8(ascii: "/")
        else { return nil }
        let value = bytes.dropFirst(3)
        guard let end = value.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        return (letter, path[value.startIndex..<end], path[end...])
    }

    private static func identifier(_ raw: Substring, _ what: String) throws(GatewayError) -> String {
        guard let decoded = PercentCoding.decode(raw) else {
            throw invalid(what, "is not valid percent-encoded UTF-8")
        }
        guard let fault = IdentifierRules.faultOfFreeText(decoded) else { return decoded }
        throw invalid(what, fault)
    }

    private static func invalid(_ what: String, _ fault: String) -> GatewayError {
        GatewayError(
            400, "invalid_\(what)\(what == "policy" ? "" : "_id")",
            "The \(what) in the base URL \(fault); it takes 1 to 256 bytes of UTF-8 without control "
                + "characters, percent-encoded where a URL wants it.")
    }

    /// Dot segments, plain or encoded, would reach beside the upstream's base.
    private static func refuseClimbing(_ path: Substring) throws(GatewayError) {
        for segment in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
            guard segment.contains(UInt8(ascii: ".")) || segment.contains(UInt8(ascii: "%")) else { continue }
            let decoded = PercentCoding.decodeBytes(segment)
            let parts = decoded.split(omittingEmptySubsequences: true) { $0 == 0x2F || $0 == 0x5C }
            if parts.contains(where: { $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E]) }) {
                throw GatewayError(
                    400, "invalid_path", "The path holds a '.' or '..' segment; write it without them.")
            }
        }
    }
}
