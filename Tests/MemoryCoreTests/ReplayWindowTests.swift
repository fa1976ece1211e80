import ChatWire
import MemoryCore
import NIOCore
import Testing

@Suite("The window of recorded rounds")
struct ReplayWindowTests {
    private func window(
        _ turns: StoredTurn..., bound: Int = 100, keepsToolTraffic: Bool = true
    ) -> ReplayWindow {
        var window = ReplayWindow(
            WindowBounds(), limit: bound,
            form: ReplayForm(keepsToolTraffic: keepsToolTraffic, fence: Turns.fence))
        for turn in turns where !window.offer(turn) { break }
        return window
    }

    private func texts(_ window: ReplayWindow) -> [String] { window.messages.map { String(buffer: $0) } }

    private func round(_ number: Int, tokens: Int = 10, status: MessageStatus = .complete) -> StoredTurn {
        Turns.turn(
            number, [(.user, "q\(number)"), (.assistant, "a\(number)")], tokens: tokens, status: status)
    }

    @Test("Rounds are offered newest first and handed out oldest first")
    func order() {
        let window = window(round(3), round(2), round(1))
        #expect(
            texts(window)
                == [1, 2, 3].flatMap { number in
                    [
                        #"{"role":"user","content":"q\#(number)"}"#,
                        #"{"role":"assistant","content":"a\#(number)"}"#,
                    ]
                })
        #expect(window.tokens == 60)
        #expect(window.rounds == [1, 2, 3])
        #expect(window.reason == "all rounds")
    }

    @Test("The bound is inclusive; a round that does not fit ends the window, older ones do not slip in")
    func bound() {
        let exact = window(round(2), round(1), bound: 40)
        #expect(exact.rounds == [1, 2] && !exact.isFull)
        let full = window(round(3), round(2, tokens: 50), round(1), bound: 40)
        #expect(full.rounds == [3])
        #expect(full.isFull)
        #expect(full.reason == "as many rounds as 40 tokens take")
    }

    @Test("Rounds that failed or are incomplete are passed over; disconnected and interrupted ones are not")
    func broken() {
        let statuses: [MessageStatus] = [.failed, .incomplete, .disconnected, .interrupted, .complete]
        var window = ReplayWindow(
            WindowBounds(), limit: 1000, form: ReplayForm(keepsToolTraffic: true, fence: Turns.fence))
        for (index, status) in statuses.enumerated() {
            let goesOn = window.offer(round(9 - index, status: status))
            #expect(goesOn)
        }
        #expect(window.rounds == [5, 6, 7])
    }

    @Test("A round that begins with no question is passed over")
    func greeting() {
        let window = window(Turns.turn(1, [(.assistant, "Welcome!")]))
        #expect(texts(window).isEmpty)
        #expect(window.reason == "nothing recorded to replay")
    }

    @Test("A whole tool loop is kept for a request with tools, told in a line for one without")
    func toolTraffic() {
        let turn = Turns.turn(
            1,
            [(.user, "weather?"), (.assistant, "CALL"), (.tool, "sunny\\nand warm"), (.assistant, "Sunny.")])
        #expect(texts(window(turn)).count == 4)
        #expect(
            texts(window(turn, keepsToolTraffic: false)) == [
                #"{"role":"user","content":"weather?"}"#,
                #"{"role":"assistant","content":"[Tools used: weather({\"city\":\"Paris\"}) → sunny and warm]\nSunny."}"#,
            ])
    }

    @Test("A call without its result is always told: no server takes it as it is")
    func openTurn() {
        let turn = Turns.turn(1, [(.user, "weather?"), (.assistant, "CALL")])
        let told = [
            #"{"role":"user","content":"weather?"}"#,
            #"{"role":"assistant","content":"[Tools used: weather({\"city\":\"Paris\"})]"}"#,
        ]
        #expect(texts(window(turn)) == told)
        #expect(texts(window(turn, keepsToolTraffic: false)) == told)
    }
}
