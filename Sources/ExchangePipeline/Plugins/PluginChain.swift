internal import GatewayMetrics
internal import MemoryCore
package import PluginInterface

/// The plugins of a policy, sorted once by what they take part in.
package final class PluginChain: Sendable {
    /// A plugin's hook, and what it is held to.
    package struct Link<Hook: Sendable>: Sendable {
        let hook: Hook
        let use: PluginUse
        let meter: PluginMeter
    }

    let admit: [Link<any AdmitHook>]
    let window: [Link<any WindowHook>]
    let standing: [Link<any StandingHook>]
    let turn: [Link<any TurnHook>]
    let recall: [Link<any RecallHook>]
    let forward: [Link<any ForwardHook>]
    /// In reverse: who came first on the way up comes last on the way back.
    let completion: [Link<any CompletionHook>]
    /// Stands for the plugins that make the standing text, and their settings.
    private let settingsMark: UInt64
    /// Count the tokens of the standing block, of the window, and of notes.
    let standingTokens, windowTokens, noteTokens: Counter
    /// The plugins, in the order of request hooks, and what they did.
    package let members: [(use: PluginUse, meter: PluginMeter)]

    /// A chain of plugins in the order of request hooks.
    ///
    /// - Parameter meters: where what they do is counted.
    package init(_ uses: [PluginUse], _ meters: PluginMeters = PluginMeters()) {
        members = uses.map { ($0, meters.meter(of: $0.name)) }
        let members = members
        func links<Hook: Sendable>(_ hook: (any Plugin) -> Hook?) -> [Link<Hook>] {
            members.compactMap { use, meter in
                hook(use.plugin).map { Link(hook: $0, use: use, meter: meter) }
            }
        }
        admit = links { $0 as? any AdmitHook }
        window = links { $0 as? any WindowHook }
        standing = links { $0 as? any StandingHook }
        turn = links { $0 as? any TurnHook }
        recall = links { $0 as? any RecallHook }
        forward = links { $0 as? any ForwardHook }
        completion = links { $0 as? any CompletionHook }.reversed()
        standingTokens = meters.injectedTokens(by: standing.map(\.use.name))
        windowTokens = meters.injectedTokens(by: window.suffix(1).map(\.use.name))
        noteTokens = meters.injectedTokens(by: turn.map(\.use.name) + recall.map(\.use.name))
        // FNV-1a over the plugins' own marks.
        settingsMark = standing.reduce(0xCBF2_9CE4_8422_2325) { mark, link in
            (mark ^ link.use.mark) &* 0x0000_0100_0000_01B3
        }
    }

    /// Stands for the plugins that make the standing text, their settings and their editions.
    func standingMark(at now: Timestamp, _ time: LocalTime) -> UInt64 {
        standing.reduce(settingsMark) { mark, link in
            let edition = UInt64(bitPattern: link.hook.edition(at: now, time))
            return edition == 0 ? mark : (mark ^ edition) &* 0x0000_0100_0000_01B3
        }
    }

    /// How much of the session is offered; nil where no plugin says so.
    func bounds(for subject: PluginCondition.Subject) -> WindowBounds? {
        window.last { $0.use.when.fits(subject) }?.hook.window
    }

    /// Whose the window is.
    func windowPlugin(for subject: PluginCondition.Subject) -> String {
        window.last { $0.use.when.fits(subject) }?.use.name ?? ""
    }

    /// Who may add a note behind the newest question.
    func notePlugins(for subject: PluginCondition.Subject) -> String {
        let names =
            turn.filter { $0.use.when.fits(subject) }.map(\.use.name)
            + recall.filter { $0.use.when.fits(subject) }.map(\.use.name)
        return names.joined(separator: ", ")
    }

    /// Whether anything may be put into a request.
    func adds(to subject: PluginCondition.Subject) -> Bool {
        bounds(for: subject) != nil || hasStanding(for: subject)
            || turn.contains { $0.use.when.fits(subject) } || recall.contains { $0.use.when.fits(subject) }
    }

    /// Whether a plugin looks at what is said; standing text has nothing to do with it.
    var readsQuestions: Bool { !(turn.isEmpty && recall.isEmpty && completion.isEmpty) }

    /// Whether standing text may be put into a request.
    func hasStanding(for subject: PluginCondition.Subject) -> Bool {
        standing.contains { $0.use.when.fits(subject) }
    }
}
