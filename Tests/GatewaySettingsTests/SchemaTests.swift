import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Declarations of settings")
struct SchemaTests {
    static let paths = Configuration.schema(.standard).settings.map(\.path)

    /// A plugins.json that holds one value at a path.
    private func json(_ value: String, at path: String) -> String {
        var steps = path.split(separator: ".").map(String.init)
        var text = value
        while let step = steps.popLast() {
            switch step {
            case _ where step.hasSuffix("[]"): text = #"{"\#(step.dropLast(2))": [\#(text)]}"#
            case "*": text = #"{"default": \#(text)}"#
            default: text = #"{"\#(step)": \#(text)}"#
            }
        }
        return text
    }

    /// The path as a fault shows it.
    private func shown(_ path: String) -> String {
        path.replacing("[]", with: "[0]").replacing("*", with: "default")
    }

    @Test func `There are as many settings as the contract names for this version`() {
        #expect(Self.paths.count == 14 + 12 + 1 + 16 + 8 + (1 + 4 + 3 + 2 + 4 + 1 + 8) + 12 + 8)
        #expect(Set(Self.paths).count == Self.paths.count)
    }

    @Test(arguments: paths)
    func `Every declared setting is read: null is refused at its path`(path: String) {
        let faults = Configuration.faults(json("null", at: path))
        #expect(faults.contains { $0.hasPrefix("\(shown(path)): found null; allowed is ") })
    }

    @Test func `Every default is taken when it is written out`() throws {
        for (path, setting) in Configuration.schema(.standard).settings {
            guard let text = setting.defaultText else { continue }
            let faults = Configuration.faults(json(text, at: path)).filter {
                !$0.contains(": found nothing; allowed is")
            }
            #expect(faults == [], "\(path) \(text)")
        }
    }

    @Test func `Every setting has one sentence`() {
        for (path, setting) in Configuration.schema(.standard).settings {
            #expect(setting.sentence.hasSuffix(".") && setting.sentence.first?.isUppercase == true, "\(path)")
        }
    }

    @Test func `The table names each setting with type, default, limits and sentence`() {
        let lines = Configuration.schema(.standard).markdownTable.split(separator: "\n").map(String.init)
        #expect(lines.count == Self.paths.count + 2)
        #expect(lines[0] == "| setting | type | default | limits | meaning |")
        let body =
            "| `limits.body` | size | `\"40MiB\"` | 1KiB to 1GiB | The longest body on memory routes, "
            + "counted behind gzip. |"
        #expect(lines.contains(body))
        let url =
            "| `upstreams[].url` | URL | required | an http:// or https:// URL, or \"demo\" | "
            + "Its base URL, usually ending in `/v1`, or `demo` for the built-in model. |"
        #expect(lines.contains(url))
        #expect(
            lines.contains {
                $0.hasPrefix("| `policies.*.record.deadline` | duration | `\"250ms\"` | 0s to 1m |")
            })
        let http2 = "| `upstreams[].http2` | boolean | `false` | only false in this version |"
        #expect(lines.contains { $0.hasPrefix(http2) })
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(250), "250ms"), (.seconds(75), "75s"), (.seconds(1800), "30m"),
        (.seconds(3600), "1h"), (.seconds(720 * 3600), "720h"), (.milliseconds(1500), "1500ms"),
    ])
    func `Durations are spelled with the largest unit that is exact`(duration: Duration, text: String) {
        #expect(DurationSpelling.text(duration) == text)
    }

    @Test(arguments: [
        (0, "0B"), (1000, "1000B"), (1024, "1KiB"), (40 << 20, "40MiB"), (64 << 30, "64GiB"),
        (3 << 40, "3TiB"),
    ])
    func `Sizes are spelled with the largest unit that is exact`(bytes: Int, text: String) {
        #expect(SizeSpelling.text(bytes) == text)
    }
}
