internal import MemoryCore
internal import PluginInterface
internal import SettingsSchema

/// Says how much of the session itself goes in front of what the client sends: whole turns, to the budget or
/// to bounds of its own.
///
/// Without bounds the window only grows, until a step cuts it: the model server finds its cached prompt
/// again. `rounds` and `messages` make it slide with every request instead.
struct RecentWindow: WindowHook {
    static let declaration = PluginDeclaration("recent-window", RecentWindowSettings.group)

    let window: WindowBounds

    init(_ settings: SettingsReader) {
        window = RecentWindowSettings.bounds(settings)
    }
}
