import Digests
import Testing

/// Against the test vectors of FIPS 180-4 and RFC 4231.
@Suite struct DigestTests {
    @Test("SHA-256 of the standard's messages")
    func sha256() {
        #expect(
            Digest(sha256: []).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest(sha256: Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Digest(sha256: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("HMAC-SHA-256 of RFC 4231, cases 1, 2 and 6")
    func hmac() {
        #expect(
            Digest(hmac: Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20)).hex
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            Digest(hmac: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Digest(
                hmac: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                key: [UInt8](repeating: 0xAA, count: 131)
            ).hex == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("An empty key and an empty message have a code")
    func empty() {
        #expect(
            Digest(hmac: [], key: []).hex
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("Hex digits of either case spell a digest; anything else spells none")
    func hex() {
        let digest = Digest(sha256: Array("abc".utf8))
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(hex: digest.hex.uppercased()) == digest)
        for broken in [
            "", "ab", String(digest.hex.dropLast()), digest.hex + "0", "g" + digest.hex.dropFirst(),
        ] {
            #expect(Digest(hex: broken) == nil)
        }
    }
}
