internal import SettingsSchema

extension Configuration {
    /// The settings that differ from another configuration's and need a restart, by their paths.
    public func settingsThatNeedARestart(to other: Configuration) -> [String] {
        var changed: [String] = []
        func compare<Value: Equatable>(_ path: String, _ value: (Configuration) -> Value) {
            if value(self) != value(other) { changed.append(path) }
        }
        compare("gateway.listen") { $0.gateway.listen }
        compare("gateway.admin") { $0.gateway.admin }
        compare("gateway.adminToken") { $0.gateway.adminToken?.reveal() }
        compare("gateway.data") { $0.gateway.data }
        compare("gateway.durability") { $0.gateway.durability }
        compare("store.maxBytes") { $0.store.maxBytes }
        compare("limits.sessionsCached") { $0.limits.sessionsCached }
        return changed
    }
}
