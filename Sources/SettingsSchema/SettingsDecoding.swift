/// One pass over the settings: what they are read from, what overrides them, and every fault found so far.
///
/// Belongs to the thread that decodes; it does not outlive the pass.
public final class SettingsDecoding {
    /// Environment and files, for references to secrets.
    public let surroundings: any Surroundings
    /// All settings there are, to tell where a misplaced key belongs.
    public let schema: SettingGroup
    /// What is wrong, in the order in which it was found.
    public private(set) var faults: [SettingFault] = []
    private var seen: Set<SettingFault> = []
    private let overrides: [SettingOverride]
    private var sources: [SettingPath: SettingPath] = [:]

    /// A pass that has found nothing yet.
    ///
    /// - Parameter overrides: values that win over the file's, the last one most.
    public init(surroundings: any Surroundings, schema: SettingGroup, overrides: [SettingOverride] = []) {
        self.surroundings = surroundings
        self.schema = schema
        self.overrides = overrides
    }

    /// Adds a fault, once: what several policies share is read for each of them.
    public func report(_ fault: SettingFault) {
        if seen.insert(fault).inserted { faults.append(fault) }
    }

    /// Adds a fault of a value that is not of its setting's type.
    public func report(
        _ value: SettingValue, at path: SettingPath, as type: SettingType, found: String? = nil, mend: String
    ) {
        report(SettingFault(path, found: found ?? value.found, allowed: type.allowed, mend: mend))
    }

    /// What a value means by a rule, for values that stand in no object; nil where it is faulty, which is
    /// reported.
    public func value<Value>(
        of written: SettingValue, as rule: SettingRule<Value>, at path: SettingPath
    ) -> Value? {
        rule.decode(written, path, self)
    }

    /// What the last override says of a setting, nil without one. All of them are checked.
    func override<Value>(_ rule: SettingRule<Value>, at path: SettingPath) -> Value? {
        var result: Value?
        for override in overrides where override.target == path {
            result = rule.decode(override.value, override.source, self)
            sources[path] = override.source
        }
        return result
    }

    /// Where a setting's value came from: its flag or variable, else its own path.
    public func source(of path: SettingPath) -> SettingPath {
        sources[path] ?? path
    }

    /// Whether a fault was found at a path or below it, or in what overrides it.
    public func isFaulty(_ path: SettingPath) -> Bool {
        let source = source(of: path)
        return faults.contains { fault in
            fault.path == source || fault.path == path || fault.path.description.hasPrefix("\(path).")
                || fault.path.description.hasPrefix("\(path)[")
        }
    }
}

/// A value from outside the file that takes a setting's place.
public struct SettingOverride: Sendable {
    /// The setting: `gateway.listen`.
    public let target: SettingPath
    /// What gave it: `--listen`, `MEMGATE_LISTEN`.
    public let source: SettingPath
    /// The value.
    public let value: SettingValue

    /// An override by its parts.
    public init(_ target: SettingPath, from source: SettingPath, _ value: SettingValue) {
        self.target = target
        self.source = source
        self.value = value
    }
}
