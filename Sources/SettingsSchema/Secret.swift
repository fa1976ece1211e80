/// A text that must not be seen: it prints as the reference it came by, and only `reveal()` gives it out.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where a secret came from.
    public enum Source: Hashable, Sendable {
        /// The environment variable of that name.
        case variable(String)
        /// The file at that path.
        case file(String)
        /// The settings themselves.
        case settings
    }

    /// Where it came from.
    public let source: Source
    private let text: String

    /// A secret and where it came from.
    public init(_ text: String, source: Source) {
        self.text = text
        self.source = source
    }

    /// The text itself; for the request it belongs on and nothing else.
    public func reveal() -> String { text }

    /// The reference: `$env:OPENAI_API_KEY`.
    public var description: String {
        switch source {
        case .variable(let name): "$env:\(name)"
        case .file(let path): "$file:\(path)"
        case .settings: "(hidden)"
        }
    }

    /// The reference, too.
    public var debugDescription: String { description }

    /// Nothing but the reference: `dump` and failed expectations walk mirrors.
    public var customMirror: Mirror { Mirror(self, children: ["source": description]) }
}
