internal import ArgumentParser
internal import GatewaySettings
internal import Logging
internal import ServiceLifecycle

/// `memgate serve`: runs the gateway until it is told to end.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the gateway. This is what memgate alone does.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let configuration = try await LoadedSettings.load(options)
        var parts = Gateway.Parts(logger: GatewayLog.make())
        parts.allowsRemoteFileSystem = options.allowFilesystem
        let options = options
        parts.reload = { () async throws(ConfigurationFaults) in try await LoadedSettings.find(options) }
        try await Self.run(configuration, parts)
    }

    /// Starts a gateway, says so, and runs it until a signal ends it.
    static func run(_ configuration: Configuration, _ parts: Gateway.Parts) async throws {
        // Before the banner: whoever has read it may end the gateway.
        let signals = await SignalledRun()
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(configuration, parts)
        } catch {
            StandardStreams.error("memgate: \(error)")
            throw ExitCode.failure
        }
        StandardStreams.output(Banner(gateway, isOnTerminal: StandardStreams.isOutputTerminal).text)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: GatewayService(gateway: gateway))], logger: parts.logger))
        try await signals.run(group) {
            guard let reload = parts.reload else { return }
            await gateway.reload(reload)
        }
    }
}
