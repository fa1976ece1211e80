/// Why a plugin was left out.
enum PluginFault: Error, CustomStringConvertible {
    /// It took longer than its `timeout`.
    case late(Duration)

    var description: String {
        switch self {
        case .late(let time): "it took longer than \(time)"
        }
    }
}
