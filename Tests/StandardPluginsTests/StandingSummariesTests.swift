import GatewayTesting
import Logging
import MemoryCore
import MemoryStore
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("standing-summaries")
struct StandingSummariesTests {
    private static let session = SampleTurns.session("new")

    /// A store with ended sessions, oldest first, a summary each.
    private static func store(_ summaries: [String], owner: SessionOwner = session.owner) throws
        -> InMemoryStorage
    {
        let storage = InMemoryStorage()
        for (number, text) in summaries.enumerated() {
            let key = SessionKey(owner, "s\(number)")
            try storage.apply(
                [
                    .record(SampleTurns.turn(number, in: key)),
                    .summarise(
                        SessionSummary(
                            session: key, number: 1, parent: nil, purpose: .end, rounds: 1...1, anchor: 2,
                            text: text, model: nil, createdAt: SampleTurns.moment(number))),
                ], .withNextBatch)
        }
        return storage
    }

    private static func told(
        _ settings: [SettingValue.Member], _ storage: InMemoryStorage, isOwnerNamed: Bool = true,
        isChat: Bool = false, session: SessionKey = session
    ) throws -> StandingText {
        let type = try #require(PluginCatalogue.standard.plugin(named: "standing-summaries"))
        let group = type.declaration.settings
        let decoding = SettingsDecoding(surroundings: NoSurroundings(), schema: group)
        let reader = SettingsReader(.object(settings), at: .root, group, decoding)
        let plugin = try #require(type.init(reader) as? any StandingHook)
        #expect(decoding.faults.isEmpty)
        let subject = PluginCondition.Subject(
            path: "/v1/chat/completions", model: "m", policy: "default", key: nil)
        let request = RequestView(
            subject: subject, isOwnerNamed: isOwnerNamed, isChat: isChat, question: "Hello")
        let services = PluginServices(
            storage: storage, session: session, plugin: "standing-summaries", logger: Logger(label: "test"),
            now: SampleTurns.moment(99))
        return try plugin.standing(request, services)
    }

    @Test func `The newest three are told, newest last`() throws {
        let told = try Self.told([], Self.store(["one", "two", "three", "four"]))
        #expect(told.text == "two\n\nthree\n\nfour")
        #expect(told.items == 3)
        #expect(told.parts.flatMap(\.summaries).count == 3)
    }

    @Test func `As many as are asked for are told`() throws {
        let storage = try Self.store(["one", "two", "three", "four"])
        #expect(try Self.told([.init("sessions", .number("1"))], storage).text == "four")
        #expect(try Self.told([.init("sessions", .number("0"))], storage) == .none)
        #expect(try Self.told([.init("sessions", .number("9"))], storage).items == 4)
    }

    @Test func `The oldest of them give way where the texts are too long together`() throws {
        let texts = ["a", "b", "c"].map { String(repeating: $0, count: 400) }
        let told = try Self.told([.init("maxTokens", .number("250"))], Self.store(texts))
        #expect(told.text == texts[1] + "\n\n" + texts[2])
        #expect(told.items == 2)
    }

    @Test func `Nobody in particular is told nothing`() throws {
        #expect(try Self.told([], Self.store(["one"]), isOwnerNamed: false) == .none)
    }

    @Test func `A room is told its own, a person theirs, and neither the other's`() throws {
        let room = SessionOwner(tenant: "main", .chat, "anna")
        let storage = try Self.store(["the room's"], owner: room)
        #expect(try Self.told([], storage) == .none)
        let inRoom = try Self.told(
            [], storage, isOwnerNamed: false, isChat: true, session: SessionKey(room, "new"))
        #expect(inRoom.text == "the room's")
    }

    /// No environment and no files.
    private struct NoSurroundings: Surroundings {
        func variable(_ name: String) -> String? { nil }

        func contents(ofFile path: String, limit: Int) throws(UnreadableFile) -> [UInt8] { throw .missing }
    }
}
