/// An error that the gateway itself answers with, in OpenAI's shape.
package struct GatewayError: Error, Hashable, Sendable {
    /// The status code.
    package var status: Int
    /// OpenAI's `type`.
    package var type: String
    /// OpenAI's `code`: a word for programs.
    package var code: String
    /// The member or header that is at fault.
    package var param: String?
    /// What was found, what is allowed, how to mend it.
    package var message: String
    /// Seconds for `Retry-After`.
    package var retryAfter: Int?

    /// An error by its members.
    package init(
        _ status: Int, _ code: String, _ message: String, param: String? = nil, type: String? = nil,
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.type = type ?? Self.type(for: status)
        self.retryAfter = retryAfter
    }

    /// The message for a log: on one line, though it may quote what a client wrote, and bounded.
    package var loggedMessage: String {
        var line = ""
        for scalar in message.unicodeScalars.prefix(400) {
            let breaksLine =
                scalar.properties.generalCategory == .control || [0x2028, 0x2029].contains(scalar.value)
            line.unicodeScalars.append(breaksLine ? "\u{FFFD}" : scalar)
        }
        return line
    }

    private static func type(for status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 429: "rate_limit_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}
