internal import ExchangePipeline
internal import GatewayMetrics
internal import JSONBytes
internal import LoopTiming
internal import NIOCore
internal import PluginInterface
internal import SettingsSchema

/// The `plugin` object.
struct AdminPlugin: AdminObject {
    let use: PluginUse
    let meter: PluginMeter

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("name", use.name)
        writer.member("hooks") { $0.array { writer in use.hooks.forEach { writer.string($0) } } }
        writer.member("settings") { $0.value(.object(use.settings)) }
        writer.member("when") { writer in
            guard use.when != PluginCondition() else { return writer.null() }
            writer.object(writeCondition)
        }
        writer.member("on_error", use.onError.rawValue)
        writer.member("timeout_ms", milliseconds: TimeAmount(use.timeout).nanoseconds / 1000)
        writer.member("calls", meter.calls.value)
        writer.member("errors", meter.errors.value)
        writer.member("timeouts", meter.timeouts.value)
    }

    private func writeCondition(_ writer: inout JSONWriter) {
        let condition = use.when
        let lists = [
            ("paths", condition.paths.map(\.text)), ("models", condition.models.map(\.text)),
            ("policies", condition.policies), ("keys", condition.keys),
        ]
        for (name, texts) in lists {
            writer.member(name) { $0.array { writer in texts.forEach { writer.string($0) } } }
        }
    }
}

extension PluginUse {
    /// What the plugin takes part in, in the order in which a request comes by.
    fileprivate var hooks: [String] {
        [
            ("admit", plugin is any AdmitHook), ("window", plugin is any WindowHook),
            ("standing", plugin is any StandingHook), ("turn", plugin is any TurnHook),
            ("recall", plugin is any RecallHook), ("forward", plugin is any ForwardHook),
            ("completion", plugin is any CompletionHook),
        ].compactMap { $0.1 ? $0.0 : nil }
    }
}

extension JSONWriter {
    /// A value as the settings give it.
    mutating func value(_ value: SettingValue) {
        switch value {
        case .string(let text): string(text)
        case .number(let spelling): raw(spelling.utf8)
        case .boolean(let flag): bool(flag)
        case .null: null()
        case .list(let elements):
            array { writer in
                for element in elements { writer.value(element) }
            }
        case .object(let members):
            object { writer in
                for member in members { writer.member(member.name) { $0.value(member.value) } }
            }
        }
    }
}
