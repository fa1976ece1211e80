public import MemoryCore

/// Says how much of the session itself is offered.
public protocol WindowHook: Plugin {
    /// The bounds of the window.
    var window: WindowBounds { get }
}

/// Adds to the standing block: what is known from elsewhere, asked for at a step only and frozen until the
/// next one.
public protocol StandingHook: Plugin {
    /// What the block says. Reads the store, on the event loop or on the store's reader thread; it awaits
    /// nothing.
    func standing(_ request: RequestView, _ services: PluginServices) throws -> StandingText

    /// Stands for what it says besides its settings: another edition is a step.
    func edition(at now: Timestamp, _ time: LocalTime) -> Int64
}

extension StandingHook {
    /// Most texts are renewed by steps alone.
    public func edition(at now: Timestamp, _ time: LocalTime) -> Int64 { 0 }
}

/// Adds a note behind the newest question, at once.
public protocol TurnHook: Plugin {
    /// What the note says, nil for nothing. What the context shows already is not added again.
    func note(_ request: RequestView, _ services: PluginServices) throws -> String?
}

/// Adds a note behind the newest question, and has to await something for it: the request waits as long as
/// the plugin's `timeout`. What comes later is lost, but nobody breaks it off: bound what you await.
public protocol RecallHook: Plugin {
    /// What the note says, nil for nothing.
    func recall(_ request: RequestView, _ services: PluginServices) async throws -> String?
}
