/// Reads one object of settings by its declarations.
///
/// Making one reports what the declarations do not know: unknown, duplicate and promised keys. A setting that
/// is faulty is reported and reads as its default, so that the reading goes on and finds every other fault.
public struct SettingsReader {
    /// Where the object stands.
    public let path: SettingPath
    /// The pass that this reading is part of.
    public let decoding: SettingsDecoding
    private let group: SettingGroup
    private let members: [String: SettingValue]
    /// Whether something stands here that is no object: one fault, not one for each setting that it lacks.
    private let isBroken: Bool

    /// A reader of an object; nil stands for one that was left out.
    public init(
        _ value: SettingValue?, at path: SettingPath, _ group: SettingGroup, _ decoding: SettingsDecoding
    ) {
        self.path = path
        self.group = group
        self.decoding = decoding
        switch value {
        case .object(let written):
            isBroken = false
            members = Dictionary(written.map { ($0.name, $0.value) }) { first, _ in first }
            KeyCheck(path: path, group: group, decoding: decoding).check(written)
        case .some(let other):
            isBroken = true
            members = [:]
            decoding.report(
                SettingFault(
                    path, found: other.foundKind,
                    allowed: "an object with \(group.names.joined(separator: ", "))",
                    mend: "Write an object in braces."))
        case nil:
            isBroken = false
            members = [:]
        }
    }

    /// The value of a setting: what overrides it, else what is written, else its default.
    public func value<Value>(_ setting: Setting<Value>) -> Value {
        precondition(group.names.contains(setting.name), "\(setting.name) is not declared")
        let written = members[setting.name]
        let place = path.member(setting.name)
        if let value = decoding.resolve(setting.rule, written, at: place) { return value }
        if written == nil, !isBroken, setting.presence == .required {
            decoding.report(
                SettingFault(
                    place, found: "nothing", allowed: setting.rule.type.allowed,
                    mend: "Add \"\(setting.name)\" to \(path)."))
        }
        return setting.defaultValue
    }

    /// Whether the object holds a key of that name.
    public func holds(_ name: String) -> Bool { members[name] != nil }

    /// Whether the object holds a list of that name with something in it.
    public func holdsElements(_ name: String) -> Bool {
        guard case .list(let elements) = members[name] else { return false }
        return !elements.isEmpty
    }

    /// The sub-group of that name.
    public func group(_ name: String) -> SettingsReader {
        guard case .group(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) is no group")
        }
        return SettingsReader(members[name], at: path.member(name), inner, decoding)
    }

    /// The objects of the list of that name.
    public func groups(_ name: String) -> [SettingsReader] {
        guard case .groups(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) is no list")
        }
        let place = path.member(name)
        switch members[name] {
        case .list(let elements):
            return elements.enumerated().map { index, element in
                SettingsReader(element, at: place.element(index), inner, decoding)
            }
        case .some(let other):
            let mend = "Write a list in square brackets."
            decoding.report(
                SettingFault(place, found: other.foundKind, allowed: "a list of objects", mend: mend))
            return []
        case nil: return []
        }
    }

    /// The named objects under a name, without looking into them.
    public func namedValues(_ name: String) -> [SettingValue.Member] {
        let place = path.member(name)
        switch members[name] {
        case .object(let written): return withoutDuplicates(written, at: place)
        case .some(let other):
            let mend = "Write an object in braces."
            decoding.report(SettingFault(place, found: other.foundKind, allowed: "an object", mend: mend))
            return []
        case nil: return []
        }
    }

    /// A reader of one of the named objects under a name; nil stands for one that was left out.
    public func namedGroup(_ name: String, _ key: String, _ value: SettingValue?) -> SettingsReader {
        guard case .namedGroups(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) holds no named groups")
        }
        return SettingsReader(value, at: path.member(name).member(key), inner, decoding)
    }

    private func withoutDuplicates(
        _ written: [SettingValue.Member], at place: SettingPath
    ) -> [SettingValue.Member] {
        var seen: Set<String> = []
        return written.filter { member in
            let isNew = seen.insert(member.name).inserted
            if !isNew { decoding.report(.duplicateKey(at: place.member(member.name))) }
            return isNew
        }
    }

    private func declaration(_ name: String) -> SettingDeclaration {
        guard let declaration = group.declarations.first(where: { $0.name == name }) else {
            preconditionFailure("\(name) is not declared")
        }
        return declaration
    }
}
