import GatewayAssembly
import GatewaySettings
import LMDBMemoryStore

// A gateway whose store does not sync: what a test of durability must notice. Takes the flags of `memgate
// serve`, each followed by its value.
var flags = SettingsFlags()
for (name, value) in zip(CommandLine.arguments, CommandLine.arguments.dropFirst()) {
    switch name {
    case "--config": flags.config = value
    case "--data": flags.data = value
    case "--listen": flags.listen = value
    case "--admin": flags.admin = value
    case "--upstream": flags.upstream = value
    default: break
    }
}
try await Memgate.serve(flags) { configuration, parts in
    var options = LMDBOptions(maximumBytes: configuration.store.maxBytes)
    options.isSynced = false
    parts.storage = try LMDBStorage.open(at: configuration.gateway.data + "/memory", options)
}
