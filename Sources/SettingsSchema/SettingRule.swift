/// How a value of plugins.json becomes a Swift value, and what is told where it cannot.
public struct SettingRule<Value: Sendable>: Sendable {
    /// Takes a value to its meaning, or reports every fault in it and gives nil.
    public typealias Decode = @Sendable (SettingValue, SettingPath, SettingsDecoding) -> Value?

    /// The kind of value, for messages and documents.
    public let type: SettingType
    let decode: Decode
    let spell: @Sendable (Value) -> String?

    /// A rule by its parts.
    ///
    /// - Parameter spell: a value as plugins.json writes it; nil where there is nothing to write.
    public init(
        _ type: SettingType, decode: @escaping Decode, spell: @escaping @Sendable (Value) -> String?
    ) {
        self.type = type
        self.decode = decode
        self.spell = spell
    }

    /// A rule for strings: the closure reads one or refuses it; other values are refused by the type.
    public init(
        _ type: SettingType, spell: @escaping @Sendable (Value) -> String?,
        parse: @escaping @Sendable (String) throws(SettingRefusal) -> Value
    ) {
        self.init(
            type,
            decode: { value, path, decoding in
                guard case .string(let text) = value else {
                    decoding.report(value, at: path, as: type, mend: "Write a string in quotes.")
                    return nil
                }
                do throws(SettingRefusal) {
                    return try parse(text)
                } catch {
                    decoding.report(value, at: path, as: type, found: error.found, mend: error.mend)
                    return nil
                }
            },
            spell: spell)
    }

    /// The same rule for a setting that may be left out.
    var optional: SettingRule<Value?> {
        SettingRule<Value?>(
            type, decode: { value, path, decoding in decode(value, path, decoding).map(Optional.some) },
            spell: { value in value.flatMap(spell) })
    }
}

extension SettingRule where Value: Equatable {
    /// The same rule where only one of the values is built so far.
    public func only(_ built: Value) -> SettingRule {
        guard let spelling = spell(built) else { preconditionFailure("a value that can be written") }
        return SettingRule(
            .only(type, spelling),
            decode: { value, path, decoding in
                guard let decoded = decode(value, path, decoding) else { return nil }
                if decoded == built { return decoded }
                decoding.report(
                    SettingFault(
                        path, found: "\(value.found), which is not in this version", allowed: spelling,
                        mend: "Write \(spelling) or remove the setting."))
                return nil
            },
            spell: spell)
    }
}
