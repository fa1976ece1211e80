import Digests
import ExchangePipeline
import MemoryCore
import Testing

/// Tokens as Open WebUI signs them, and what somebody else could make of them.
@Suite struct SignedIdentityTests {
    private static let secret = Array("a secret of two".utf8)
    private static let identity = SignedIdentity(secret: secret, issuer: "open-webui")
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func token(
        _ claims: String, head: String = #"{"alg":"HS256","typ":"JWT"}"#, key: [UInt8] = secret
    ) -> String {
        let signed = base64(Array(head.utf8)) + "." + base64(Array(claims.utf8))
        return signed + "." + base64(Digest(hmac: Array(signed.utf8), key: key).bytes)
    }

    private static func claims(_ subject: String = #""anna""#, issuer: String = "open-webui", expiry: String)
        -> String
    {
        #"{"sub":\#(subject),"name":"Anna","iss":"\#(issuer)","iat":1699999900,"exp":\#(expiry)}"#
    }

    @Test("a token's subject is its user, also within the leeway of the clocks and in any script")
    func good() throws {
        for expiry in ["1700000300", "1700000000", "1699999971", "1.7000003e9"] {
            #expect(
                try Self.identity.subject(of: Self.token(Self.claims(expiry: expiry)), at: Self.now) == "anna"
            )
        }
        let token = Self.token(Self.claims(#""ännchen 李""#, expiry: "1700000300"))
        #expect(try Self.identity.subject(of: token, at: Self.now) == "ännchen 李")
    }

    @Test("the example of the standard's site is signed as it says, and is not Open WebUI's")
    func known() {
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0"
            + "IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        let identity = SignedIdentity(secret: Array("your-256-bit-secret".utf8), issuer: "open-webui")
        let error = #expect(throws: GatewayError.self) { try identity.subject(of: token, at: Self.now) }
        #expect(error?.message.contains("not issued by") == true)
    }

    static let refused: [(String, String)] = {
        let good = claims(expiry: "1700000300")
        let signature = String(token(good).split(separator: ".")[2])
        let unsigned = base64(Array(#"{"alg":"none"}"#.utf8)) + "." + base64(Array(good.utf8))
        return [
            (token(good, key: Array("another".utf8)), "not signed with gateway"),
            (
                token(claims(#""otto""#, expiry: "1700000300")).split(separator: ".").prefix(2)
                    .joined(separator: ".") + "." + signature, "not signed with gateway"
            ),
            (token(good, head: #"{"alg":"none"}"#), "HS256"), (unsigned + ".", "HS256"),
            (token(good, head: #"{"alg":"HS512"}"#), "HS256"), (unsigned, "no JSON Web Token"),
            ("", "no JSON Web Token"), ("a.b.c", "no JSON Web Token"), ("...", "no JSON Web Token"),
            (token(good) + ".x", "no JSON Web Token"), (token(good) + "=", "no JSON Web Token"),
            (String(token(good).dropLast()), "no"),
            (token(claims(issuer: "open", expiry: "1700000300")), "not issued"),
            (token(claims(expiry: "1699999970")), "expired"),
            (token(claims(expiry: "\"1700000300\"")), "expired"),
            (token(#"{"sub":"anna","iss":"open-webui"}"#), "expired"),
            (token(claims(#""""#, expiry: "1700000300")), "names nobody"),
            (token(claims("7", expiry: "1700000300")), "names nobody"),
            (token(claims(#""a\nb""#, expiry: "1700000300")), "names nobody"),
        ]
    }()

    @Test("what is forged, stale or another's is 401 and says why", arguments: refused)
    func refusal(token: String, why: String) {
        let error = #expect(throws: GatewayError.self) { try Self.identity.subject(of: token, at: Self.now) }
        #expect(error?.status == 401 && error?.code == "invalid_identity")
        #expect(error?.message.contains(why) == true, "\(error?.message ?? "")")
    }
}
