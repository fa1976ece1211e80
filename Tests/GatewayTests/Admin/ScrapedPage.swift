import Testing

/// A page of metrics, read as strictly as Prometheus reads it.
struct ScrapedPage {
    struct Malformed: Error {
        let line: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var samples: [String: Double] = [:]

    init(_ text: String) throws {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") {
                guard words.count == 4, types[String(words[2])] == nil else {
                    throw Malformed(line: "\(line)")
                }
                types[String(words[2])] = String(words[3])
            } else if !line.hasPrefix("# HELP ") {
                guard
                    let match = line.wholeMatch(
                        of: /([a-z_]+)(\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? (\S+)/),
                    let value = Double(match.3),
                    samples.updateValue(value, forKey: "\(match.1)\(match.2 ?? "")") == nil,
                    type(of: String(match.1)) != nil
                else { throw Malformed(line: "\(line)") }
            }
        }
    }

    private func type(of name: String) -> String? {
        if let type = types[name] { return type }
        let base = ["_bucket", "_sum", "_count"].compactMap { suffix in
            name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : nil
        }
        return base.compactMap { types[$0] }.first { $0 == "histogram" }
    }
}
