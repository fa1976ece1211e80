import GatewayTesting
import MemoryCore
import PluginInterface
import SettingsSchema

/// Why a plugin of a test fails.
struct PlannedFailure: Error {}

/// Fails wherever it is asked, as its settings say.
struct Failing: StandingHook, TurnHook, AdmitHook {
    static let declaration = PluginDeclaration(
        "failing", SettingGroup("Fails.", [Self.at.declaration]))
    static let at = Setting("at", .choice, default: Place.standing, "Where it fails.")

    enum Place: String, CaseIterable, Hashable, Sendable {
        case standing, turn, admit, slow
    }

    let place: Place

    init(_ settings: SettingsReader) {
        place = settings.value(Self.at)
    }

    func admit(_ request: RequestView, _ services: PluginServices) throws -> Admission {
        if place == .admit { throw PlannedFailure() }
        return .pass
    }

    func standing(_ request: RequestView, _ services: PluginServices) throws -> StandingText {
        if place == .standing { throw PlannedFailure() }
        return StandingText("standing of failing", items: 1)
    }

    func note(_ request: RequestView, _ services: PluginServices) throws -> String? {
        switch place {
        case .turn: throw PlannedFailure()
        case .slow:
            let end = ContinuousClock.now + .milliseconds(20)
            while ContinuousClock.now < end {}
            return "too late"
        default: return "note of failing"
        }
    }
}

/// Waits until the test lets it go on.
struct Waiting: RecallHook {
    static let declaration = PluginDeclaration("waiting", SettingGroup("Waits.", []))
    static let gate = Watched(false)

    init(_ settings: SettingsReader) {}

    func recall(_ request: RequestView, _ services: PluginServices) async throws -> String? {
        if request.question.contains("slow") { try await Self.gate.until { $0 } }
        if request.question.contains("fail") { throw PlannedFailure() }
        return "recalled for \(request.question)"
    }
}

/// Refuses what is too long, and marks what goes up.
struct Doorkeeper: AdmitHook, ForwardHook {
    static let declaration = PluginDeclaration("doorkeeper", SettingGroup("Keeps the door.", []))

    init(_ settings: SettingsReader) {}

    func admit(_ request: RequestView, _ services: PluginServices) throws -> Admission {
        guard request.subject.model == "forbidden" else { return .pass }
        return .refuse(Refusal(429, "model_budget", "Ask another model.", retryAfter: 7))
    }

    func fields(
        _ request: RequestView, _ services: PluginServices
    ) throws -> [(name: String, value: String)] {
        [("X-Door", request.isOwnerNamed ? "named" : "nobody")]
    }
}
