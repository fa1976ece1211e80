import ChatWire
import MemoryCore
import NIOCore
import Testing

@Suite("How a request relates to its session")
struct TurnResolutionTests {
    private static let open = Turns.turn(7, [(.user, "weather?"), (.assistant, "CALL")])

    private func resolve(
        _ request: RequestOutline, _ newest: StoredTurn? = nil, oldest: StoredTurn? = nil,
        isResent: Bool = false
    )
        -> TurnResolution
    {
        .interim(request, newest: newest, oldest: oldest, isResent: isResent, fence: Turns.fence)
    }

    @Test("A request of its newest message alone is all new, but for what leads")
    func newestOnly() {
        let found = resolve(Turns.request((.system, "be kind"), (.developer, "be brief"), (.user, "hi")))
        #expect(found.verdict == .newestOnly)
        #expect(found.new == 2..<3)
        #expect(found.replays && found.stand == nil)
    }

    @Test("A request of system messages alone has nothing new")
    func onlySystem() {
        #expect(resolve(Turns.request((.system, "be kind"))).new.isEmpty)
    }

    @Test("Of a request with its own history what follows the last reply before its last question is new")
    func ownHistory() {
        let found = resolve(
            Turns.request(
                (.system, "s"), (.user, "a"), (.assistant, "A"), (.user, "b"), (.system, "now"), (.user, "c"))
        )
        #expect(found.verdict == .ownHistory)
        #expect(found.new == 3..<6)
        #expect(!found.replays)
    }

    @Test("A prefilled reply behind the last question makes no history")
    func prefilled() {
        let found = resolve(Turns.request((.user, "write"), (.assistant, "Dear")))
        #expect(found.verdict == .newestOnly)
        #expect(found.new == 0..<2)
    }

    @Test("A request that ends with a reply and holds no question brings its own history")
    func replyAlone() {
        let found = resolve(Turns.request((.system, "s"), (.assistant, "hello")))
        #expect(found.verdict == .ownHistory && !found.replays)
    }

    @Test("A tool's result goes on with the open turn, with and without the history before it")
    func step() {
        let step: [(Role, String)] = [(.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny")]
        let alone = resolve(Turns.request(step[0], step[1], step[2]), Self.open)
        #expect(alone.verdict == .sameTurn)
        #expect(alone.new == 2..<3)
        #expect(alone.replays)
        #expect(alone.stand?.node == 701 && alone.stand?.round == 7)
        let behind = resolve(
            Turns.request((.user, "a"), (.assistant, "A"), step[0], step[1], step[2]), Self.open)
        #expect(behind.verdict == .sameTurn)
        #expect(behind.new == 4..<5)
        #expect(!behind.replays)
    }

    @Test("A second step leaves out the first")
    func secondStep() {
        let turn = Turns.turn(
            3, [(.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny"), (.assistant, "CALL")])
        let found = resolve(
            Turns.request(
                (.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny"), (.assistant, "CALL"),
                (.tool, "calm"), (.tool, "warm")), turn)
        #expect(found.verdict == .sameTurn)
        #expect(found.new == 4..<6)
    }

    @Test(
        "A step that is not the open turn's is a round of its own",
        arguments: [
            (Turns.turn(7, [(.user, "other"), (.assistant, "CALL")])),
            Turns.turn(7, [(.user, "weather?"), (.assistant, "It is fine.")]),
            Turns.turn(
                7, [(.user, "weather?"), (.assistant, "CALL"), (.tool, "rain"), (.assistant, "CALL")]),
        ])
    func foreignStep(newest: StoredTurn) {
        let request = Turns.request((.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny"))
        #expect(resolve(request, newest).stand == nil)
        #expect(resolve(request, newest).new == 0..<3)
        #expect(resolve(request, nil).stand == nil)
    }

    @Test("Messages agree by their text, tool calls by their ids, however they are spelled")
    func spelling() {
        var request = Turns.request((.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny")).messages
        request[0].body.clear()
        request[0].body.writeString(
            #"{ "content" : [{"type":"text","text":"weathe\u0072?"}], "role":"user"}"#)
        request[1].body.clear()
        request[1].body.writeString(
            #"{"role":"assistant","tool_calls":[{"type":"function","id":"t1","function":{"name":"weather","#
                + #""arguments":"{ \"city\": \"Paris\" }"}}]}"#)
        #expect(resolve(RequestOutline(request), Self.open).new == 2..<3)
        request[1].body.clear()
        request[1].body.writeString(#"{"role":"assistant","tool_calls":[{"id":"t9"}]}"#)
        #expect(resolve(RequestOutline(request), Self.open).stand == nil)
    }

    private static let first = Turns.turn(1, [(.user, "one"), (.assistant, "a")])
    private static let second = Turns.turn(2, [(.user, "two"), (.assistant, "b")])

    @Test("The question of the only round asked again is meant again, however it is spelled")
    func again() {
        for text in ["one", " one\\n", "one\\u0020"] {
            let found = resolve(
                Turns.request((.system, "s"), (.user, text)), Self.first, oldest: Self.first)
            #expect(found.verdict == .regenerate && !found.replays)
            #expect(found.new.isEmpty && found.stand?.round == 1 && found.stand?.node == 100)
        }
        let other = resolve(Turns.request((.user, "one more")), Self.first, oldest: Self.first)
        #expect(other.verdict == .newestOnly && other.replays)
        let later = resolve(Turns.request((.user, "one")), Self.second)
        #expect(later.verdict == .newestOnly)
    }

    @Test("A client that sends everything and sends one question alone asks the first again, or another")
    func fromTheStart() {
        let again = resolve(
            Turns.request((.user, "one")), Self.second, oldest: Self.first, isResent: true)
        #expect(again.verdict == .regenerate && again.stand?.round == 1)
        let edit = resolve(
            Turns.request((.user, "uno")), Self.second, oldest: Self.first, isResent: true)
        #expect(edit.verdict == .edit && edit.stand == nil && edit.new == 0..<1 && !edit.replays)
    }

    @Test("In a session that goes on whatever is said nothing is asked again")
    func running() {
        let request = Turns.request(history: .running, (.user, "one"))
        let found = resolve(request, Self.first, oldest: Self.first, isResent: true)
        #expect(found.verdict == .newestOnly && found.replays)
    }
}
