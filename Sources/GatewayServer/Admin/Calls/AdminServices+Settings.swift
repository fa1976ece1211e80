internal import ExchangePipeline
internal import Hummingbird
internal import JSONBytes
internal import PluginInterface
internal import SettingsSchema

/// The running settings.
extension AdminServices {
    var settingsCalls: [AdminCall] {
        [
            .get("/admin/v1/plugins") { _ in AdminReply(list: plugins) },
            .post("/admin/v1/reload") { _ in
                let faults = await reload()
                guard faults.isEmpty else { throw AdminRefusal(faults) }
                return AdminReply { $0.member("reloaded", true) }
            },
        ]
    }

    /// The plugins of the default policy in their order, then those that other policies alone have.
    private var plugins: [AdminPlugin] {
        let policies = settings().policies
        let others = policies.filter { $0.key != "default" }.sorted { $0.key < $1.key }.map(\.value)
        var seen: Set<String> = []
        return ([policies["default"]].compactMap(\.self) + others).flatMap(\.chain.members).compactMap {
            seen.insert($0.use.name).inserted ? AdminPlugin(use: $0.use, meter: $0.meter) : nil
        }
    }
}

extension AdminRefusal {
    /// Settings that were not taken: what the error says in one line, fault by fault.
    init(_ faults: [SettingFault]) {
        let error = GatewayError(
            422, "invalid_settings",
            "The settings were not taken, the old ones keep serving: "
                + faults.map(\.description).joined(separator: " "))
        var writer = JSONWriter()
        writer.object { writer in
            error.writeMember(to: &writer)
            writer.member("errors") { writer in
                writer.array { writer in
                    for fault in faults {
                        writer.object { writer in
                            writer.member("path", fault.path.description)
                            writer.member("found", fault.found)
                            writer.member("allowed", fault.allowed)
                            writer.member("message", fault.description)
                        }
                    }
                }
            }
        }
        self.init(error, body: ByteBuffer(bytes: writer.bytes))
    }
}
