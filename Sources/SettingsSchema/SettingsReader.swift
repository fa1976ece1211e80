/// Reads one object of settings by its declarations, or several that are laid over each other.
///
/// Making one reports what the declarations do not know: unknown, duplicate and promised keys. A setting that
/// is faulty is reported and reads as its default, so that the reading goes on and finds every other fault.
public struct SettingsReader {
    /// Where an object of settings stands, and what does.
    public struct Layer {
        /// Its place.
        public let path: SettingPath
        /// What stands there; nil for nothing.
        public let value: SettingValue?

        /// A layer by its members.
        public init(_ value: SettingValue?, at path: SettingPath) {
            self.path = path
            self.value = value
        }
    }

    private struct Object {
        var path: SettingPath
        var members: [String: SettingValue]
    }

    /// Where the object stands, the uppermost of several.
    public let path: SettingPath
    /// The pass that this reading is part of.
    public let decoding: SettingsDecoding
    private let group: SettingGroup
    private let objects: [Object]
    /// Whether something stands here that is no object: one fault, not one for each setting that it lacks.
    private let isBroken: Bool

    /// A reader of an object; nil stands for one that was left out.
    public init(
        _ value: SettingValue?, at path: SettingPath, _ group: SettingGroup, _ decoding: SettingsDecoding
    ) {
        self.init([Layer(value, at: path)], group, decoding)
    }

    /// A reader of several objects, of which the last one that holds a setting counts; never none.
    public init(_ layers: [Layer], _ group: SettingGroup, _ decoding: SettingsDecoding) {
        guard let uppermost = layers.last else { preconditionFailure("a reader reads something") }
        path = uppermost.path
        self.group = group
        self.decoding = decoding
        var objects: [Object] = []
        var isBroken = false
        for layer in layers {
            switch layer.value {
            case .object(let written):
                let members = Dictionary(written.map { ($0.name, $0.value) }) { first, _ in first }
                objects.append(Object(path: layer.path, members: members))
                KeyCheck(path: layer.path, group: group, decoding: decoding).check(written)
            case .some(let other):
                isBroken = true
                decoding.report(
                    SettingFault(
                        layer.path, found: other.foundKind,
                        allowed: "an object with \(group.names.joined(separator: ", "))",
                        mend: "Write an object in braces."))
            case nil: break
            }
        }
        self.objects = objects
        self.isBroken = isBroken
    }

    /// The value of a setting: what overrides it, else what is written uppermost, else its default.
    public func value<Value>(_ setting: Setting<Value>) -> Value {
        precondition(group.names.contains(setting.name), "\(setting.name) is not declared")
        var value: Value?
        var isWritten = false
        for object in objects.reversed() {
            guard let written = object.members[setting.name] else { continue }
            isWritten = true
            // What lies below is checked all the same.
            let place = object.path.member(setting.name)
            let decoded = decoding.value(of: written, as: setting.rule, at: place)
            value = value ?? decoded
        }
        value = decoding.override(setting.rule, at: path.member(setting.name)) ?? value
        if let value { return value }
        if !isWritten, !isBroken, setting.presence == .required {
            decoding.report(
                SettingFault(
                    path.member(setting.name), found: "nothing", allowed: setting.rule.type.allowed,
                    mend: "Add \"\(setting.name)\" to \(path)."))
        }
        return setting.defaultValue
    }

    private func uppermost(_ name: String) -> SettingValue? {
        objects.last { $0.members[name] != nil }?.members[name]
    }

    /// Whether the object holds a key of that name.
    public func holds(_ name: String) -> Bool { uppermost(name) != nil }

    /// Whether the object holds a list of that name with something in it.
    public func holdsElements(_ name: String) -> Bool {
        guard case .list(let elements) = uppermost(name) else { return false }
        return !elements.isEmpty
    }

    /// The sub-group of that name.
    public func group(_ name: String) -> SettingsReader {
        guard case .group(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) is no group")
        }
        return SettingsReader(layers(of: name), inner, decoding)
    }

    /// What stands under a name in each of the objects, one at least.
    public func layers(of name: String) -> [Layer] {
        let written = objects.compactMap { object in
            object.members[name].map { Layer($0, at: object.path.member(name)) }
        }
        return written.isEmpty ? [Layer(nil, at: path.member(name))] : written
    }

    /// The objects of the list of that name.
    public func groups(_ name: String) -> [SettingsReader] {
        guard case .groups(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) is no list")
        }
        let place = path.member(name)
        switch uppermost(name) {
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
        switch uppermost(name) {
        case .object(let written): return withoutDuplicates(written, at: place)
        case .some(let other):
            let mend = "Write an object in braces."
            decoding.report(SettingFault(place, found: other.foundKind, allowed: "an object", mend: mend))
            return []
        case nil: return []
        }
    }

    /// A reader of one of the named objects under a name; nil stands for one that was left out.
    ///
    /// - Parameter base: what holds where it says nothing.
    public func namedGroup(
        _ name: String, _ key: String, _ value: SettingValue?, over base: SettingValue? = nil
    ) -> SettingsReader {
        guard case .namedGroups(let inner) = declaration(name).kind else {
            preconditionFailure("\(name) holds no named groups")
        }
        let place = path.member(name).member(key)
        return SettingsReader([Layer(base, at: place), Layer(value, at: place)], inner, decoding)
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
