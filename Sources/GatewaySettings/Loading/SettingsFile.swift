import JSONBytes
import SettingsSchema

/// The settings file, read but not yet understood.
struct SettingsFile {
    /// The file that was read; nil where there is none.
    let path: String?
    /// Its content; nil where there is none or it is no JSON.
    let content: SettingValue?

    /// The longest file that is read, in bytes.
    private static let longest = 4 << 20

    /// Reads the file that is named, else `plugins.json` if it is there.
    init(named values: [(source: SettingPath, value: SettingValue)], _ decoding: SettingsDecoding) {
        let named = values.last
        var path = "plugins.json"
        if let named {
            guard let text = decoding.value(of: named.value, as: .path, at: named.source) else {
                self.init(path: nil, content: nil)
                return
            }
            path = text
        }
        do {
            let bytes = try decoding.surroundings.contents(ofFile: path, limit: Self.longest)
            self.init(path: path, content: Self.content(bytes, of: path, decoding))
        } catch {
            if error != .missing || named != nil {
                Self.report(named?.source ?? SettingPath(path), path, error, decoding)
            }
            self.init(path: nil, content: nil)
        }
    }

    /// Reads a file that may be missing.
    init(ifThereAt path: String, _ decoding: SettingsDecoding) {
        do {
            let bytes = try decoding.surroundings.contents(ofFile: path, limit: Self.longest)
            self.init(path: path, content: Self.content(bytes, of: path, decoding))
        } catch {
            if error != .missing { Self.report(SettingPath(path), path, error, decoding) }
            self.init(path: nil, content: nil)
        }
    }

    private static func report(
        _ place: SettingPath, _ path: String, _ error: UnreadableFile, _ decoding: SettingsDecoding
    ) {
        let allowed = "a file of at most \(SizeSpelling.text(Self.longest)) that can be read"
        decoding.report(
            SettingFault(
                place, found: "\(path.quotedOnOneLine), \(error.reason)", allowed: allowed,
                mend: "Correct the path or the file."))
    }

    private init(path: String?, content: SettingValue?) {
        self.path = path
        self.content = content
    }

    private static func content(_ bytes: [UInt8], of path: String, _ decoding: SettingsDecoding)
        -> SettingValue?
    {
        do {
            return SettingValue(try JSONTreeParser.parse(bytes))
        } catch {
            decoding.report(
                SettingFault(
                    SettingPath("\(path):\(error.position)"), found: error.found, allowed: error.allowed,
                    mend: "Correct the JSON there."))
            return nil
        }
    }
}

extension SettingValue {
    /// The value that a default's spelling stands for; nil where it is no JSON.
    init?(json text: String) {
        guard let value = try? JSONTreeParser.parse(Array(text.utf8)) else { return nil }
        self.init(value)
    }

    /// The same value without its place.
    init(_ value: JSONValue) {
        switch value.content {
        case .object(let members): self = .object(members.map { Member($0.name, SettingValue($0.value)) })
        case .array(let elements): self = .list(elements.map(SettingValue.init))
        case .string(let text): self = .string(text)
        case .number(let spelling): self = .number(spelling)
        case .bool(let flag): self = .boolean(flag)
        case .null: self = .null
        }
    }
}
