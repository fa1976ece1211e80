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

    /// A secret that fits into a header field, without the line end that editors leave.
    ///
    /// - Throws: a refusal with words like «which is empty».
    public init(validating text: String, source: Source) throws(SettingRefusal) {
        var line = Substring(text)
        while line.last?.isNewline == true { line.removeLast() }
        guard !line.isEmpty else {
            throw SettingRefusal(found: "which is empty", mend: "Give it a value, or remove the setting.")
        }
        guard !line.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw SettingRefusal(
                found: "which holds control characters", mend: "Write the secret alone, on one line.")
        }
        self.init(String(line), source: source)
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
