public import Logging
public import MemoryCore
public import MemoryStore

/// What a plugin may use, bound to one session and its owner: nothing here can name another one.
public struct PluginServices: Sendable {
    /// What is known of the owner.
    public let memory: PluginMemory
    /// What the plugin itself keeps of the owner.
    public let state: PluginState
    /// For what its operator should see. Never what people say.
    public let logger: Logger
    /// The wall clock's moment of the request.
    public let now: Timestamp
    /// Days and hours as people count them (`gateway.timeZone`).
    public let time: LocalTime

    /// Services for one request.
    public init(
        storage: any MemoryStorage, session: SessionKey, plugin: String, logger: Logger, now: Timestamp,
        time: LocalTime = .utc
    ) {
        self.time = time
        memory = PluginMemory(storage: storage, session: session)
        state = PluginState(storage: storage, owner: session.owner, plugin: plugin)
        var logger = logger
        logger[metadataKey: "plugin"] = "\(plugin)"
        self.logger = logger
        self.now = now
    }
}

/// What the store knows of a session's owner.
public struct PluginMemory: Sendable {
    private let storage: any MemoryStorage
    private let session: SessionKey

    init(storage: any MemoryStorage, session: SessionKey) {
        self.storage = storage
        self.session = session
    }

    /// The newest summaries of the owner's other sessions that have ended, newest first, at most `count`.
    public func endSummaries(_ count: Int) throws -> [SessionSummary] {
        try storage.endSummaries(of: session.owner, besides: session, count: count)
    }

    /// What a session of the owner is called; nil where it has no title, or is another's.
    public func title(of other: SessionKey) throws -> String? {
        guard other.owner == session.owner else { return nil }
        return try storage.details(of: other)?.life.title
    }

    /// This session's summaries, oldest first.
    public func chain() throws -> [SessionSummary] {
        try storage.summaries(of: session)
    }
}

/// A plugin's own values, by names of its choice.
public struct PluginState: Sendable {
    private let storage: any MemoryStorage
    private let owner: SessionOwner
    private let plugin: String

    init(storage: any MemoryStorage, owner: SessionOwner, plugin: String) {
        self.storage = storage
        self.owner = owner
        self.plugin = plugin
    }

    /// The value of a key, or nil.
    public func value(_ key: String) throws -> [UInt8]? {
        try storage.value(key, of: plugin, owner: owner)
    }
}
