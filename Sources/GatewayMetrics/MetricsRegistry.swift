internal import Synchronization

/// Who is asked when a page is scraped, in the order in which they came. The hot path holds its counters
/// itself and never comes here.
public final class MetricsRegistry: Sendable {
    /// Adds what it knows to a page. It may read the store: pages are made where reading may wait.
    public typealias Source = @Sendable (inout MetricsPage) -> Void

    private let sources = Mutex<[(name: String, source: Source)]>([])

    /// A registry that asks nobody.
    public init() {}

    /// Asks this source from now on; in the place of an earlier one of the same name.
    public func supply(_ name: String, _ source: @escaping Source) {
        sources.withLock { sources in
            if let place = sources.firstIndex(where: { $0.name == name }) {
                sources[place].source = source
            } else {
                sources.append((name, source))
            }
        }
    }

    /// The page as it is now.
    public func page() -> MetricsPage {
        var page = MetricsPage()
        for (_, source) in sources.withLock({ $0 }) { source(&page) }
        return page
    }
}
