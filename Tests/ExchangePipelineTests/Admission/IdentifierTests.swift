import ExchangePipeline
import Testing

@Suite("Ids as headers write them")
struct IdentifierTests {
    @Test(
        "An id is echoed so that it reads back the same",
        arguments: [
            "plain", "50%", "%", "%41", "%zz", "50% é", "a b", "你好", "a%2Fb", "%%%", "é%", "100%25", "😀%4",
            "~!",
        ])
    func roundTrip(id: String) {
        let value = IdentifierRules.headerValue(id)
        #expect(IdentifierRules.faultOfHeader(value) == nil)
        #expect(IdentifierRules.decoded(header: value) == id)
    }

    @Test(
        "Visible ASCII that no escape opens is echoed as it is", arguments: ["plain", "50%", "%zz", "a/b?c"])
    func plain(id: String) {
        #expect(IdentifierRules.headerValue(id) == id)
    }

    @Test("Escapes that are broken or no UTF-8 are no text", arguments: ["%", "%4", "%zz", "%FF", "a%C3"])
    func broken(text: String) {
        #expect(PercentCoding.decode(text[...]) == nil)
    }

    @Test("Bytes behind escapes are found however often they were escaped")
    func bytes() {
        #expect(PercentCoding.decodeBytes("%2e%2E".utf8) == Array("..".utf8))
        #expect(PercentCoding.decodeBytes("%252e".utf8) == Array(".".utf8))
        #expect(PercentCoding.decodeBytes("%2".utf8) == Array("%2".utf8))
    }
}
