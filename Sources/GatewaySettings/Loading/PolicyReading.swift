internal import Digests
internal import PluginInterface
internal import SettingsSchema

/// Reads the policies, each with the chain that its own settings make of the gateway's plugins.
struct PolicyReading {
    let root: SettingsReader
    let plugins: PluginCatalogue

    private var decoding: SettingsDecoding { root.decoding }

    /// An entry of the chain, its plugin not yet made.
    private struct Entry {
        var plugin: any Plugin.Type
        var settings: SettingsReader.Layer
        var when = PluginCondition()
        var onError = PluginUse.ErrorPolicy.skip
        var timeout = PluginUseSchema.timeout.defaultValue
    }

    /// The policies by name, presets among them.
    func policies() -> [String: Configuration.Policy] {
        let declared = root.namedValues("policies")
        let entries = chain()
        var policies: [String: Configuration.Policy] = [:]
        for member in declared {
            checkName(member.name)
            policies[member.name] = policy(member.name, member.value, entries)
        }
        for preset in Preset.all where policies[preset.name] == nil {
            policies[preset.name] = policy(preset.name, nil, entries)
        }
        checkConditions(policies)
        return policies
    }

    private func checkName(_ name: String) {
        let place = SettingPath("policies").member(name)
        guard !Preset.later.contains(name) else {
            // One that is declared under the name would change its meaning with the next version.
            return decoding.report(
                SettingFault(
                    place, found: "the name of a preset that is not in this version",
                    allowed: "another name", mend: "Choose another name."))
        }
        _ = decoding.value(of: .string(name), as: .plainName, at: place)
    }

    private func policy(_ name: String, _ value: SettingValue?, _ entries: [Entry]) -> Configuration.Policy {
        let own = root.namedGroup("policies", name, value)
        let preset =
            own.value(PolicySchema.preset).flatMap { Preset.named($0) }
            // What is declared under a preset's name is that preset with other values.
            ?? Preset.named(name)
        let reader = root.namedGroup("policies", name, value, over: preset?.values)
        let chain = withNeeded(by: preset, entries).map { entry in
            PluginUse(
                made(entry, reader.group("plugins")), when: entry.when, onError: entry.onError,
                timeout: entry.timeout, mark: mark(entry, reader.group("plugins")),
                settings: shown(entry, reader.group("plugins")))
        }
        return Configuration.Policy(reader, chain: chain)
    }

    /// A plugin with the settings of its entry, the preset and the policy, the last one winning.
    private func made(_ entry: Entry, _ overrides: SettingsReader) -> any Plugin {
        let type = entry.plugin
        let layers = [entry.settings] + overrides.layers(of: type.name)
        return type.init(SettingsReader(layers, type.declaration.settings, decoding))
    }

    /// A plugin's settings as they hold, for people to look at.
    private func shown(_ entry: Entry, _ overrides: SettingsReader) -> [SettingValue.Member] {
        let written = ([entry.settings] + overrides.layers(of: entry.plugin.name)).reduce(
            into: [String: SettingValue]()
        ) { values, layer in
            guard case .object(let members) = layer.value else { return }
            for member in members { values[member.name] = member.value }
        }
        return entry.plugin.declaration.settings.declarations.map { declaration in
            let value = written[declaration.name] ?? declaration.defaultText.flatMap(SettingValue.init(json:))
            return SettingValue.Member(declaration.name, value ?? .null)
        }
    }

    /// Stands for a plugin and its settings, from start to start.
    private func mark(_ entry: Entry, _ overrides: SettingsReader) -> UInt64 {
        let layers = [entry.settings] + overrides.layers(of: entry.plugin.name)
        let text = entry.plugin.name + layers.compactMap { $0.value.map { "\($0)" } }.joined(separator: ";")
        let start = Digest(sha256: Array(text.utf8)).bytes.prefix(8)
        return start.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Adds the plugins that a preset needs and the chain lacks, each in front of the first that usually
    /// comes after it.
    private func withNeeded(by preset: Preset?, _ entries: [Entry]) -> [Entry] {
        var chain = entries
        for name in preset?.plugins ?? [] where !chain.contains(where: { $0.plugin.name == name }) {
            guard let plugin = plugins.plugin(named: name) else { continue }
            let later = plugins.usualOrder.drop { $0 != name }.dropFirst()
            let place = chain.firstIndex { later.contains($0.plugin.name) } ?? chain.count
            chain.insert(Entry(plugin: plugin, settings: .init(nil, at: SettingPath(name))), at: place)
        }
        return chain
    }

    // MARK: The gateway's chain

    private func chain() -> [Entry] {
        guard root.holds("plugins") else {
            return plugins.defaultChain.compactMap { name in
                plugins.plugin(named: name).map { plugin in
                    Entry(plugin: plugin, settings: .init(nil, at: SettingPath(name)))
                }
            }
        }
        var seen: Set<String> = []
        return root.groups("plugins").compactMap { reader in
            let entry = entry(reader)
            guard let entry, !seen.insert(entry.plugin.name).inserted else { return entry }
            decoding.report(
                SettingFault(
                    reader.path.member("use"), found: "\(entry.plugin.name.quotedOnOneLine) a second time",
                    allowed: "each plugin once", mend: "Remove one of them."))
            return nil
        }
    }

    private func entry(_ reader: SettingsReader) -> Entry? {
        let when = reader.group("when")
        let condition = PluginCondition(
            paths: when.value(PluginUseSchema.paths), models: when.value(PluginUseSchema.models),
            policies: when.value(PluginUseSchema.policies), keys: when.value(PluginUseSchema.keys))
        let onError = reader.value(PluginUseSchema.onError)
        let timeout = reader.value(PluginUseSchema.timeout)
        let settings = reader.value(PluginUseSchema.settings)
        guard let plugin = reader.value(PluginUseSchema.use(plugins)).flatMap(plugins.plugin(named:)) else {
            return nil
        }
        return Entry(
            plugin: plugin, settings: .init(settings, at: reader.path.member("settings")), when: condition,
            onError: onError, timeout: timeout)
    }

    /// Policies and keys that conditions name have to be there.
    private func checkConditions(_ policies: [String: Configuration.Policy]) {
        let keys = root.namesOfKeys
        for reader in root.groups("plugins") {
            let when = reader.group("when")
            let place = when.path
            check(when.value(PluginUseSchema.policies), policies.keys.sorted(), at: place.member("policies"))
            check(when.value(PluginUseSchema.keys), keys, at: place.member("keys"))
        }
    }

    private func check(_ names: [String], _ known: [String], at place: SettingPath) {
        for (index, name) in names.enumerated() where !known.contains(name) {
            decoding.report(
                SettingFault(
                    place.element(index), found: name.quotedOnOneLine,
                    allowed: known.isEmpty
                        ? "nothing, since there are none" : "one of: \(known.joined(separator: ", "))",
                    mend: "Name one that there is."))
        }
    }
}

extension SettingsReader {
    /// The names of the file's keys, as far as they are texts.
    fileprivate var namesOfKeys: [String] {
        guard holds("keys") else { return [] }
        return groups("keys").compactMap { $0.value(KeySchema.name) }
    }
}
