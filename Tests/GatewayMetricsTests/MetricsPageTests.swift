import GatewayMetrics
import Testing

@Suite("Metrics, and the page that shows them")
struct MetricsPageTests {
    private enum Colour: Int, MetricLabels, CaseIterable {
        case red, green
        static let names = ["colour"]
        static var all: [Colour] { allCases }
        var place: Int { rawValue }
        var values: [String] { ["\(self)"] }
    }

    @Test func `A page without sources is empty`() {
        #expect(MetricsRegistry().page().text.isEmpty)
    }

    @Test func `Counters and gauges are written with their type, all values of a label from the start`() {
        let colours = LabelledCounters<Colour>()
        colours[.green].add()
        colours[.green].add(2)
        let gauge = Gauge()
        gauge.add(3)
        gauge.add(-1)
        var page = MetricsPage()
        page.counters(.init("a_total", "Colours."), colours)
        page.gauge(.init("b", "A gauge."), Double(gauge.value))
        #expect(
            page.text == """
                # HELP a_total Colours.
                # TYPE a_total counter
                a_total{colour="red"} 0
                a_total{colour="green"} 3
                # HELP b A gauge.
                # TYPE b gauge
                b 2

                """)
    }

    @Test func `A histogram's buckets hold all that is at most their bound`() {
        let histogram = Histogram(.counts)
        for value in [1, 2, 3, 4, 5000, -1] { histogram.observe(value) }
        var page = MetricsPage()
        page.histogram(.init("c", "Counts."), histogram)
        let lines = page.text.split(separator: "\n")
        #expect(lines.contains(#"c_bucket{le="1.0"} 2"#))
        #expect(lines.contains(#"c_bucket{le="2.0"} 3"#))
        #expect(lines.contains(#"c_bucket{le="4.0"} 5"#))
        #expect(lines.contains(#"c_bucket{le="1024.0"} 5"#))
        #expect(lines.contains(#"c_bucket{le="+Inf"} 6"#))
        #expect(lines.contains("c_count 6") && lines.contains("c_sum 5010"))
    }

    @Test func `Durations are shown in seconds`() {
        let histograms = LabelledHistograms<Colour>(.seconds)
        histograms[.red].observe(1_500_000_000)
        var page = MetricsPage()
        page.histograms(.init("d_seconds", "Durations."), histograms)
        #expect(page.text.contains(#"d_seconds_bucket{colour="red",le="1.0"} 0"#))
        #expect(page.text.contains(#"d_seconds_bucket{colour="red",le="2.5"} 1"#))
        #expect(page.text.contains(#"d_seconds_sum{colour="red"} 1.5"#))
        #expect(page.text.contains(#"d_seconds_count{colour="green"} 0"#))
    }

    @Test func `What a label's value holds cannot break the page`() {
        var page = MetricsPage()
        page.counters(.init("e_total", "E."), by: "plugin", [("a\"b\\c\nd", 1)])
        #expect(page.text.hasSuffix("e_total{plugin=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }

    @Test func `A source takes the place of an earlier one of its name`() {
        let registry = MetricsRegistry()
        registry.supply("one") { $0.counter(.init("one_total", "1."), 1) }
        registry.supply("two") { $0.counter(.init("two_total", "2."), 2) }
        registry.supply("one") { $0.counter(.init("one_total", "1."), 11) }
        let samples = registry.page().text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(samples == ["one_total 11", "two_total 2"])
    }
}
