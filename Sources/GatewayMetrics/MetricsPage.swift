/// What a scrape shows, in Prometheus' text format 0.0.4.
public struct MetricsPage: Sendable {
    /// The page's media type.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What has been written.
    public private(set) var text = ""

    /// An empty page.
    public init() {}

    /// A metric and what stands for it: its name, and a sentence.
    public struct Name: Sendable {
        /// `memgate_exchanges_total`.
        let text: String
        let sentence: String

        /// A name and its sentence, on one line.
        public init(_ text: String, _ sentence: String) {
            self.text = text
            self.sentence = sentence
        }
    }

    /// A count that only grows.
    public mutating func counter(_ name: Name, _ value: Int) {
        begin(name, "counter")
        sample(name.text, "\(value)")
    }

    /// Counts that only grow, by labels.
    public mutating func counters<Labels>(_ name: Name, _ counters: LabelledCounters<Labels>) {
        begin(name, "counter")
        for (labels, count) in counters.counts {
            sample(name.text + Self.braces(Labels.names, labels.values), "\(count)")
        }
    }

    /// Counts that only grow, by the values of one label that the settings name.
    public mutating func counters(_ name: Name, by label: String, _ counts: [(value: String, count: Int)]) {
        begin(name, "counter")
        for (value, count) in counts { sample(name.text + Self.braces([label], [value]), "\(count)") }
    }

    /// A number that rises and falls.
    public mutating func gauge(_ name: Name, _ value: Double) {
        begin(name, "gauge")
        sample(name.text, Self.number(value))
    }

    /// Numbers that rise and fall, by the values of labels.
    public mutating func gauges(
        _ name: Name, by labels: [String], _ values: [(labels: [String], value: Double)]
    ) {
        begin(name, "gauge")
        for (texts, value) in values {
            sample(name.text + Self.braces(labels, texts), Self.number(value))
        }
    }

    /// A distribution.
    public mutating func histogram(_ name: Name, _ histogram: Histogram) {
        begin(name, "histogram")
        add(name.text, [], [], histogram)
    }

    /// Distributions, by labels.
    public mutating func histograms<Labels>(_ name: Name, _ histograms: LabelledHistograms<Labels>) {
        begin(name, "histogram")
        for (labels, histogram) in histograms.all { add(name.text, Labels.names, labels.values, histogram) }
    }

    private mutating func add(
        _ name: String, _ labels: [String], _ values: [String], _ histogram: Histogram
    ) {
        let reading = histogram.reading
        for (bound, count) in reading.atMost + [("+Inf", reading.count)] {
            sample("\(name)_bucket" + Self.braces(labels + ["le"], values + [bound]), "\(count)")
        }
        sample("\(name)_sum" + Self.braces(labels, values), Self.number(reading.sum))
        sample("\(name)_count" + Self.braces(labels, values), "\(reading.count)")
    }

    private mutating func begin(_ name: Name, _ type: String) {
        text += "# HELP \(name.text) \(name.sentence)\n# TYPE \(name.text) \(type)\n"
    }

    private mutating func sample(_ name: String, _ value: String) {
        text += "\(name) \(value)\n"
    }

    private static func braces(_ names: [String], _ values: [String]) -> String {
        guard !names.isEmpty else { return "" }
        let pairs = zip(names, values).map { "\($0)=\"\(escaped($1))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        let whole = value.rounded(.towardZero)
        return whole == value && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
