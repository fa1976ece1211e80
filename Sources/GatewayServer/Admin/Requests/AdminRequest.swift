internal import ExchangePipeline
internal import Hummingbird

/// A call with its parameters, read as the API promises: what is wrong is 400 with the parameter's name.
struct AdminRequest: Sendable {
    let request: Request
    /// What stood in the path in the places of names, as written.
    let pathParameters: [Substring: Substring]
    private let query: [(name: String, value: String)]

    /// - Throws: 400 for a query that is no percent-encoded UTF-8.
    init(_ request: Request, _ parameters: Parameters) throws(GatewayError) {
        self.request = request
        pathParameters = Dictionary(parameters.map { ($0.key, $0.value) }) { first, _ in first }
        query = try Self.query(request.uri.query ?? "")
    }

    private static func query(_ text: String) throws(GatewayError) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let spaced = pair.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%20")
            let parts = spaced.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0]),
                let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "")
            else {
                throw GatewayError(
                    400, "invalid_parameter", "The query is not percent-encoded UTF-8.",
                    param: String(parts[0].prefix(80)))
            }
            query.append((name, value))
        }
        return query
    }

    /// A parameter of the query; nil where it is not given.
    func parameter(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// What stands in the path in the place of a name, decoded: an id may hold anything, slashes too.
    ///
    /// - Throws: 404 for what no id can be.
    func id(_ name: Substring = "id") throws(GatewayError) -> String {
        guard let id = pathParameters[name].flatMap(PercentCoding.decode) else {
            throw .notFound("The path does not hold an id in percent-encoded UTF-8.")
        }
        return id
    }

    /// Narrows a call to one tenant.
    var tenant: String? { parameter("tenant") }

    /// A whole number from 0 on; nil where it is not given.
    ///
    /// - Throws: 400 for anything else.
    func number(_ name: String) throws(GatewayError) -> Int? {
        guard let text = parameter(name) else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            throw GatewayError(
                400, "invalid_parameter",
                "\(name) is '\(text.prefix(80))'; it takes a whole number.", param: name)
        }
        return number
    }

    /// One of some values; nil where it is not given.
    ///
    /// - Throws: 400 for anything else.
    func choice<Value>(_ name: String, among values: [Value]) throws(GatewayError) -> Value? {
        guard let text = parameter(name) else { return nil }
        guard let value = values.first(where: { "\($0)" == text }) else {
            let words = values.map { "\($0)" }.joined(separator: ", ")
            throw GatewayError(
                400, "invalid_parameter", "\(name) is '\(text.prefix(80))'; it takes one of: \(words).",
                param: name)
        }
        return value
    }

    /// How many objects a page holds at most.
    ///
    /// - Throws: 400 for anything but 1 to 500.
    func limit() throws(GatewayError) -> Int {
        guard let text = parameter("limit") else { return 50 }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(text),
            (1...500).contains(limit)
        else {
            throw GatewayError(
                400, "invalid_parameter",
                "limit is '\(text.prefix(80))'; it takes a whole number from 1 to 500.", param: "limit")
        }
        return limit
    }

    /// Where a page begins; nil for the first one.
    ///
    /// - Parameter list: names the list and what narrows it down: a cursor of another one does not fit.
    /// - Throws: 400 for what is no cursor of this list.
    func cursor(of list: String) throws(GatewayError) -> AdminCursor? {
        guard let text = parameter("cursor") else { return nil }
        guard let cursor = AdminCursor(text, of: list) else {
            throw GatewayError(
                400, "invalid_cursor",
                "cursor is none that this list gave with these parameters; begin again without one.",
                param: "cursor")
        }
        return cursor
    }
}
