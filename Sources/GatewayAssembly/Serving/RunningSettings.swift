internal import ExchangePipeline
internal import GatewayServer
package import GatewaySettings
internal import Logging
internal import NIOCore
internal import SettingsSchema
internal import Synchronization

/// The settings that a gateway runs on, and what its listeners make of them: replaced whole, or not at all.
package final class RunningSettings: Sendable {
    /// Reads the settings anew.
    package typealias Reading = @Sendable () async throws(ConfigurationFaults) -> Configuration

    private struct State: Sendable {
        var configuration: Configuration
        var settings: ProxySettings
    }

    private let state: Mutex<State>
    private let loops: [NIOLoopBound<ProxyLoop>]
    private let work: Work
    private let make: @Sendable (Configuration) -> ProxySettings
    private let logger: Logger

    init(
        _ configuration: Configuration, _ settings: ProxySettings, loops: [NIOLoopBound<ProxyLoop>],
        work: Work, make: @escaping @Sendable (Configuration) -> ProxySettings, logger: Logger
    ) {
        state = Mutex(State(configuration: configuration, settings: settings))
        self.loops = loops
        self.work = work
        self.make = make
        self.logger = logger
    }

    /// As they were read.
    var configuration: Configuration { state.withLock { $0.configuration } }

    /// As the listeners take them.
    var settings: ProxySettings { state.withLock { $0.settings } }

    /// Reads them again; on any fault the old ones keep serving.
    ///
    /// - Parameter read: nil where they cannot be read again.
    /// - Returns: what is wrong with them; nothing where they hold now.
    func reload(_ read: Reading?) async -> [SettingFault] {
        var faults: [SettingFault]
        do throws(ConfigurationFaults) {
            guard let new = try await read?() else { return [.cannotBeReadAgain] }
            faults = configuration.settingsThatNeedARestart(to: new).map(SettingFault.needsRestart)
            if faults.isEmpty { await take(new) }
        } catch {
            faults = error.faults
        }
        for fault in faults { logger.error("settings not reloaded", metadata: ["fault": "\(fault)"]) }
        return faults
    }

    private func take(_ new: Configuration) async {
        let settings = make(new)
        state.withLock { state in
            state = State(configuration: new, settings: settings)
            // Under the lock: after two reloads at a time all loops have the same one.
            for proxy in loops {
                proxy.eventLoop.execute { proxy.value.settings = settings }
            }
        }
        work.reload(new)
        for proxy in loops { _ = try? await proxy.eventLoop.submit {}.get() }
        logger.notice("settings reloaded", metadata: ["file": "\(new.provenance.file ?? "none")"])
    }
}

extension SettingFault {
    /// A setting that is not taken while the gateway runs.
    fileprivate static func needsRestart(_ setting: String) -> SettingFault {
        SettingFault(
            SettingPath(setting), found: "another value than the gateway runs with",
            allowed: "the same value until a restart", mend: "Restart the gateway, or put it back.")
    }

    /// Settings that were made in the process itself.
    fileprivate static let cannotBeReadAgain = SettingFault(
        .root, found: "settings that were not read from anywhere", allowed: "settings of 'memgate serve'",
        mend: "Start the gateway again.")
}
