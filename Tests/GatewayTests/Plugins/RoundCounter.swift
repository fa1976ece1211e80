import MemoryCore
import PluginInterface
import SettingsSchema

/// Tells the model, now and then, how often it has talked with somebody.
struct RoundCounter: TurnHook, CompletionHook {
    static let declaration = PluginDeclaration(
        "round-counter", SettingGroup("Counts exchanges.", [every.declaration]))
    static let every = Setting(
        "every", .integer(1...1000), default: 10, "After how many exchanges the model is told.")

    private let every: Int

    init(_ settings: SettingsReader) {
        every = settings.value(Self.every)
    }

    /// On the way up: a note behind the newest question.
    func note(_ request: RequestView, _ services: PluginServices) throws -> String? {
        let number = try Self.count(services) + 1
        return number.isMultiple(of: every) ? "This is exchange \(number) with this person." : nil
    }

    /// On the way back: kept in the same commit as the exchange.
    func completed(
        _ exchange: CompletedView, _ services: PluginServices
    ) throws -> [(key: String, value: [UInt8]?)] {
        guard exchange.isComplete else { return [] }
        return [("count", Array("\(try Self.count(services) + 1)".utf8))]
    }

    private static func count(_ services: PluginServices) throws -> Int {
        try services.state.value("count").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }
}
