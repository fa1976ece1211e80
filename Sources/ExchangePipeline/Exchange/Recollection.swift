internal import MemoryCore
internal import MemoryStore

/// What the store knows that matters for a request: how the request relates to its session, and the window.
/// A value made by one read, on the event loop or on the store's reader thread.
struct Recollection: Sendable {
    /// What is to be read.
    struct Query: Sendable {
        var key: SessionKey
        var outline: RequestOutline
        var injects: Bool
        var declaresTools: Bool
    }

    /// How the request relates to its session.
    var resolution: TurnResolution
    /// What goes in front.
    var window: ReplayWindow

    /// What is known without reading.
    init(unread query: Query) {
        resolution = .interim(query.outline, newest: nil)
        window = ReplayWindow(keepsToolTraffic: query.declaresTools)
    }

    /// Reads.
    init(_ query: Query, from storage: any MemoryStorage) throws(StoreError) {
        self.init(unread: query)
        var resolution = self.resolution
        var window = self.window
        var isFirst = true
        _ = try storage.walkTurns(of: query.key) { turn in
            if isFirst {
                isFirst = false
                resolution = .interim(query.outline, newest: turn)
                if resolution.openTurn != nil { return query.injects && resolution.replays }
            }
            return query.injects && resolution.replays && window.offer(turn)
        }
        self.resolution = resolution
        self.window = window
    }

    /// Whether a request of a named session needs the store at all.
    static func isNeeded(_ query: Query) -> Bool {
        query.outline.hasToolStep || query.injects && !query.outline.bringsHistory
    }
}
