extension SettingRule {
    /// A list whose elements all follow one rule; every faulty element is reported.
    public static func list<Element>(
        of rule: SettingRule<Element>, atMost limit: Int
    ) -> SettingRule where Value == [Element] {
        let type = SettingType.list(rule.type, atMost: limit)
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .list(let elements) = value else {
                    decoding.report(value, at: path, as: type, mend: "Write a list in square brackets.")
                    return nil
                }
                guard elements.count <= limit else {
                    let found = "a list of \(elements.count)"
                    decoding.report(value, at: path, as: type, found: found, mend: "Shorten the list.")
                    return nil
                }
                let decoded = elements.enumerated().map { index, element in
                    rule.decode(element, path.element(index), decoding)
                }
                return decoded.contains { $0 == nil } ? nil : decoded.compactMap(\.self)
            },
            spell: { "[\($0.compactMap(rule.spell).joined(separator: ", "))]" })
    }

    /// Values by names that the user chooses; every faulty name and value is reported.
    ///
    /// - Parameters:
    ///   - key: the form in which two names are the same, or a refusal of a name.
    public static func map<Element>(
        of rule: SettingRule<Element>, atMost limit: Int,
        key: @escaping @Sendable (String) throws(SettingRefusal) -> String
    ) -> SettingRule where Value == [(name: String, value: Element)] {
        let type = SettingType.map(rule.type, atMost: limit)
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .object(let members) = value else {
                    // A whole object may be a secret that was put into the wrong place.
                    let mend = "Write an object in braces."
                    decoding.report(value, at: path, as: type, found: value.foundKind, mend: mend)
                    return nil
                }
                guard members.count <= limit else {
                    let found = "an object of \(members.count)"
                    decoding.report(value, at: path, as: type, found: found, mend: "Remove some.")
                    return nil
                }
                return entries(members, path, decoding, rule, key)
            },
            spell: { $0.isEmpty ? "{}" : nil })
    }

    private static func entries<Element>(
        _ members: [SettingValue.Member], _ path: SettingPath, _ decoding: SettingsDecoding,
        _ rule: SettingRule<Element>, _ key: (String) throws(SettingRefusal) -> String
    ) -> [(name: String, value: Element)]? {
        var entries: [(name: String, value: Element)] = []
        var seen: Set<String> = []
        for member in members {
            let place = path.member(member.name)
            do throws(SettingRefusal) {
                let isNew = seen.insert(try key(member.name)).inserted
                if !isNew { decoding.report(.duplicateKey(at: place)) }
            } catch {
                let found = "the name \(member.name.quotedOnOneLine)"
                let allowed = error.found ?? "another name"
                decoding.report(SettingFault(place, found: found, allowed: allowed, mend: error.mend))
            }
            guard let value = rule.decode(member.value, place, decoding) else { continue }
            entries.append((member.name, value))
        }
        return entries.count == members.count ? entries : nil
    }
}

extension SettingFault {
    /// A key that its object holds already.
    static func duplicateKey(at path: SettingPath) -> SettingFault {
        SettingFault(
            path, found: "the same key a second time", allowed: "each key once", mend: "Remove one of them.")
    }
}
