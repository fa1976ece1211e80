import GatewaySettings
import SettingsSchema
import Testing

@Suite("Addresses, URLs and origins")
struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:8787", "[::1]:8787"), ("LOCALHOST:65535", "localhost:65535"),
        ("0.0.0.0:1", "0.0.0.0:1"), ("my-host.lan:80", "my-host.lan:80"),
        ("[::FFFF:1.2.3.4]:1", "[::ffff:1.2.3.4]:1"),
    ])
    func `Addresses to listen on are read`(text: String, spelled: String) {
        #expect(ListenAddress(text)?.description == spelled)
    }

    @Test(arguments: [
        "", ":", "a:", "8787", ":8787", "a b:1", "127.0.0.1:+1", "127.0.0.1:1 ", "127.0.0.1:65536",
        "256.0.0.1:1",
        "1.2.3:1", "1.2.3.04:1", "[::1:8787", "::1:8787", "[1.2.3.4]:1", "[::1%lo]:1", "[1:2]:1", "[::1::]:1",
        "-:1a",
        "a..b:1", "127.0.0.1:000001", "１.0.0.1:1",
    ])
    func `What is no address to listen on is refused`(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [
        "127.0.0.1", "127.255.0.9", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "localhost",
        "x.localhost",
    ])
    func `Loopback is recognised in every spelling`(host: String) {
        #expect(HostName(host)?.isLoopback == true)
        #expect(HostName(host)?.isAny == false)
    }

    @Test(arguments: [
        "0.0.0.0", "[::]", "[0::0]", "128.0.0.1", "[::2]", "localhost.example.com", "xlocalhost", "1::1",
    ])
    func `What is not loopback is not taken for it`(host: String) {
        #expect(HostName(host)?.isLoopback != true)
    }

    @Test func `Addresses of version 6 are the same in every spelling`() {
        let same = ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "2001:db8:0::0:1", "2001:db8::0.0.0.1"].map(
            IPAddress.init)
        #expect(Set(same).count == 1 && same[0] != nil)
        #expect(IPAddress("::ffff:10.1.2.3") == IPAddress("10.1.2.3"))
        for text in [
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", ":::", "12345::", "g::", "::1.2.3",
            ":1",
        ] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434", "/v1", 11434),
        ("HTTPS://API.example.com/v1/", "https://api.example.com", "/v1", 443),
        ("http://example.com:80", "http://example.com", "", 80),
        ("https://example.com:80/", "https://example.com:80", "", 80),
        ("http://[::1]:8080//", "http://[::1]:8080", "", 8080),
        ("http://[2001:db8::1]/openai/v1", "http://[2001:db8::1]", "/openai/v1", 80),
        ("https://example.com/a%2Fb/V1", "https://example.com", "/a%2Fb/V1", 443),
    ])
    func `A URL is taken apart`(text: String, origin: String, base: String, port: Int) throws {
        let address = try WebAddress(text)
        #expect(address.origin == origin)
        #expect(address.basePath == base)
        #expect(address.port == port)
        #expect(address.description == origin + base)
    }

    @Test(arguments: [
        "", "http:", "http:/x", "//example.com", "http://", "http://:80", "http://a:b@c", "http://@c",
        "http://c/?",
        "http://c#", "http://c:", "http://c:65536", "http://c:8a", "http://a\\b", "http://ä.de",
        "http://[::1", "http://[::1]8",
        "http://127.1", "http://0x7f000001", "http://0X7F.0x1", "http://0x7f.1/", "ws://c", "http ://c",
        "http://c/./v1", "http://c d",
    ])
    func `What is no URL of a server is refused`(text: String) {
        #expect(throws: SettingRefusal.self) { try WebAddress(text) }
    }

    @Test(arguments: [
        "http://anna:hush@c/v1", "anna:hush@c", "http://c?hush", "http://c/#hush", "ftp://hush@c",
        "http://a:hush@ c",
        "http://a:h@hush@c", "http://c?x@hush", "hush@",
    ])
    func `A refused URL is shown without password, query and fragment`(text: String) {
        let refusal = #expect(throws: SettingRefusal.self) { try WebAddress(text) }
        #expect(refusal?.found?.contains("hush") == false)
    }

    @Test func `Origins are compared without case, a star stands for an extension's id`() throws {
        let origin = try OriginPattern("https://Chat.example.com")
        #expect(origin.matches("https://chat.example.com"))
        #expect(!origin.matches("https://chat.example.com:8443"))
        #expect(!origin.matches("https://chat.example.com.evil.test"))
        #expect(!origin.matches("http://chat.example.com"))
        let pattern = try OriginPattern("moz-extension://*")
        #expect(pattern.matches("moz-extension://0f-1a"))
        #expect(!pattern.matches("moz-extension://"))
        #expect(!pattern.matches("chrome-extension://0f"))
        #expect(!pattern.matches("https://moz-extension://x"))
    }
}
