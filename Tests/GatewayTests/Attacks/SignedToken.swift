import Digests
import Foundation

/// JSON Web Tokens, also ones that nobody should accept.
enum SignedToken {
    static let head = #"{"alg":"HS256","typ":"JWT"}"#

    static func claims(
        _ subject: String = "anna", issuer: String? = "open-webui", expiry: String? = "9999999999"
    ) -> String {
        let members = [
            #""sub":"\#(subject)""#, issuer.map { #""iss":"\#($0)""# }, expiry.map { #""exp":\#($0)"# },
        ]
        return "{" + members.compactMap(\.self).joined(separator: ",") + "}"
    }

    /// Signed as Open WebUI signs, with any secret.
    static func make(_ claims: String = claims(), head: String = head, secret: String) -> String {
        let text = base64(Array(head.utf8)) + "." + base64(Array(claims.utf8))
        return text + "." + base64(Digest(hmac: Array(text.utf8), key: Array(secret.utf8)).bytes)
    }

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
