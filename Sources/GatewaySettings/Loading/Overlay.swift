internal import SettingsSchema

/// The settings that were changed at run time, in a file of the data folder: they are laid over those of
/// plugins.json, which is never rewritten.
///
/// Objects merge, lists of named things merge by `name` or `use`, `null` removes; everything else replaces.
struct Overlay {
    let outside: OutsideValues
    let decoding: SettingsDecoding

    private static let data = SettingPath("gateway").member(GatewaySchema.data.name)

    /// The settings of a file with the overlay over them.
    func lay(over file: SettingValue?) -> SettingValue? {
        let path = folder(file) + "/overlay.json"
        guard let overlay = SettingsFile(ifThereAt: path, decoding).content else { return file }
        guard case .object = overlay else {
            decoding.report(
                SettingFault(
                    SettingPath(path), found: overlay.foundKind, allowed: "an object",
                    mend: "Write an object in braces, or remove the file."))
            return file
        }
        check(overlay, path, known: file.map(Self.references) ?? [])
        return Self.merged(file ?? .object([]), overlay)
    }

    /// The data folder, as far as it is known before the settings are read.
    private func folder(_ file: SettingValue?) -> String {
        let override = outside.overrides.last { $0.target == Self.data }?.value
        if case .string(let path) = override ?? file?["gateway"]?["data"] { return path }
        return GatewaySchema.data.defaultValue
    }

    private func check(_ overlay: SettingValue, _ path: String, known: Set<String>) {
        if overlay["gateway"]?["data"] != nil {
            decoding.report(
                SettingFault(
                    SettingPath(path), found: "gateway.data, which says where this file lies",
                    allowed: "other settings", mend: "Set it in plugins.json or by --data."))
        }
        for reference in Self.references(overlay).subtracting(known).sorted() {
            decoding.report(
                SettingFault(
                    SettingPath(path), found: "the reference \(reference.quotedOnOneLine)",
                    allowed: "references that plugins.json holds",
                    mend: "Put it into plugins.json first."))
        }
    }

    /// The references to secrets in a value.
    private static func references(_ value: SettingValue) -> Set<String> {
        switch value {
        case .string(let text): text.hasPrefix("$env:") || text.hasPrefix("$file:") ? [text] : []
        case .list(let elements): elements.reduce(into: []) { $0.formUnion(references($1)) }
        case .object(let members): members.reduce(into: []) { $0.formUnion(references($1.value)) }
        case .number, .boolean, .null: []
        }
    }

    /// One value over another.
    static func merged(_ base: SettingValue, _ over: SettingValue) -> SettingValue {
        switch (base, over) {
        case (.object(let below), .object(let above)): .object(merged(below, above))
        case (.list(let below), .list(let above))
        where !above.isEmpty && above.allSatisfy({ $0.listName != nil }):
            .list(merged(below, above))
        default: withoutNulls(over)
        }
    }

    private static func merged(
        _ below: [SettingValue.Member], _ above: [SettingValue.Member]
    ) -> [SettingValue.Member] {
        var members = below
        for member in above {
            let place = members.firstIndex { $0.name == member.name }
            switch (member.value, place) {
            case (.null, let place?): members.remove(at: place)
            case (.null, nil): break
            case (let value, let place?):
                members[place] = .init(member.name, merged(members[place].value, value))
            case (let value, nil): members.append(.init(member.name, withoutNulls(value)))
            }
        }
        return members
    }

    private static func merged(_ below: [SettingValue], _ above: [SettingValue]) -> [SettingValue] {
        var elements = below
        for element in above {
            if let place = elements.firstIndex(where: { $0.listName == element.listName }) {
                elements[place] = merged(elements[place], element)
            } else {
                elements.append(withoutNulls(element))
            }
        }
        return elements
    }

    /// What takes nothing away says nothing.
    private static func withoutNulls(_ value: SettingValue) -> SettingValue {
        guard case .object(let members) = value else { return value }
        return .object(
            members.compactMap { member in
                if case .null = member.value { return nil }
                return .init(member.name, withoutNulls(member.value))
            })
    }
}

extension SettingValue {
    /// The first member of that name.
    fileprivate subscript(_ name: String) -> SettingValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// By what an element of a list is told from others.
    fileprivate var listName: String? {
        for key in ["name", "use"] {
            if case .string(let text)? = self[key] { return "\(key)=\(text)" }
        }
        return nil
    }
}
