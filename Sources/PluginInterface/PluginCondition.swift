public import SettingsSchema

/// Where a plugin applies: everywhere that it does not narrow down. All that is given has to fit.
public struct PluginCondition: Hashable, Sendable {
    /// What a request is, as far as conditions look at it.
    public struct Subject: Hashable, Sendable {
        /// Its path, without base-URL segments: `/v1/chat/completions`.
        public var path: String
        /// Its model; empty where it names none.
        public var model: String
        /// Its policy.
        public var policy: String
        /// Its gateway key's name; nil without one.
        public var key: String?

        /// A request by its members.
        public init(path: String, model: String, policy: String, key: String?) {
            self.path = path
            self.model = model
            self.policy = policy
            self.key = key
        }
    }

    /// Patterns of paths; none for all.
    public var paths: [NamePattern]
    /// Patterns of models; none for all.
    public var models: [NamePattern]
    /// Policies; none for all.
    public var policies: [String]
    /// Keys; none for all, and requests without one.
    public var keys: [String]

    /// A condition by its members.
    public init(
        paths: [NamePattern] = [], models: [NamePattern] = [], policies: [String] = [], keys: [String] = []
    ) {
        self.paths = paths
        self.models = models
        self.policies = policies
        self.keys = keys
    }

    /// Whether the plugin applies to a request.
    public func fits(_ subject: Subject) -> Bool {
        (paths.isEmpty || paths.contains { $0.matches(subject.path) })
            && (models.isEmpty || models.contains { $0.matches(subject.model) })
            && (policies.isEmpty || policies.contains(subject.policy))
            && (keys.isEmpty || subject.key.map(keys.contains) ?? false)
    }
}
