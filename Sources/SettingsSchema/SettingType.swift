/// What kind of value a setting takes, as data: help texts, messages and documents are made from it.
public indirect enum SettingType: Hashable, Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A string with a unit: `"200ms"`, `"10s"`, `"30m"`, `"720h"`.
    case duration(ClosedRange<Duration>)
    /// A string with a unit: `"64KiB"`, `"40MiB"`; in bytes.
    case size(ClosedRange<Int>)
    /// A text; the words say which.
    case string(String)
    /// One of some words.
    case choice([String])
    /// Host and port to listen on.
    case address
    /// An address of the web; the words say which.
    case url(String)
    /// A path of the file system.
    case path
    /// A reference to a secret.
    case secret
    /// Some values in order, at most so many.
    case list(SettingType, atMost: Int)
    /// Values by names of the user's choice, at most so many.
    case map(SettingType, atMost: Int)
    /// A kind of which only one value is built so far; the text spells it.
    case only(SettingType, String)

    /// The kind in one word or two.
    public var name: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .duration: "duration"
        case .size: "size"
        case .string: "string"
        case .choice: "choice"
        case .address: "address"
        case .url: "URL"
        case .path: "path"
        case .secret: "secret reference"
        case .list(let element, _): "list of \(element.name)s"
        case .map(let value, _): "object of \(value.name)s"
        case .only(let type, _): type.name
        }
    }

    /// The bounds, in the spelling of plugins.json; empty where the kind has none.
    public var limits: String {
        switch self {
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "\(DurationSpelling.text(range.lowerBound)) to \(DurationSpelling.text(range.upperBound))"
        case .size(let range):
            "\(SizeSpelling.text(range.lowerBound)) to \(SizeSpelling.text(range.upperBound))"
        case .string(let words), .url(let words): words
        case .choice(let words): words.map { "\"\($0)\"" }.joinedWithOr
        case .address: "host:port"
        case .secret: "\"$env:NAME\" or \"$file:/path\""
        case .list(let element, let atMost), .map(let element, let atMost):
            "at most \(atMost)" + (element.limits.isEmpty ? "" : "; \(element.limits)")
        case .only(_, let built): "only \(built) in this version"
        case .boolean, .path: ""
        }
    }

    /// What is allowed, as a message says it.
    public var allowed: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a whole number, \(limits)"
        case .duration: "a duration with a unit (ms, s, m, h), \(limits)"
        case .size: "a size with a unit (B, KiB, MiB, GiB, TiB), \(limits)"
        case .string(let words), .url(let words): words
        case .choice: limits
        case .address: "host:port, as in \"127.0.0.1:8787\""
        case .path: "the path of a file or folder"
        case .secret: "a reference, \(limits)"
        case .list(let element, let atMost): "a list of at most \(atMost), each \(element.allowed)"
        case .map(let value, let atMost): "an object of at most \(atMost), each value \(value.allowed)"
        case .only: limits
        }
    }
}
