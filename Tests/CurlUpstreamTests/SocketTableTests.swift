import SystemCalls
import Testing

@testable import CurlUpstream

@Suite("Which of curl's sockets are watched")
struct SocketTableTests {
    private func expect(
        _ table: inout SocketTable, _ interest: EpollQueue.Interest, of socket: Int32,
        _ expected: SocketTable.Change, _ place: SourceLocation = #_sourceLocation
    ) {
        let change = table.want(interest, of: socket)
        #expect(change == expected, sourceLocation: place)
    }

    @Test("A socket is added once, widened when more is wanted, left alone when less is")
    func wanting() {
        var table = SocketTable()
        expect(&table, .readable, of: 9, .add(.readable))
        expect(&table, .readable, of: 9, .none)
        expect(&table, [.readable, .writable], of: 9, .modify([.readable, .writable]))
        expect(&table, .readable, of: 9, .none)
        expect(&table, [], of: 9, .none)
        expect(&table, .readable, of: 9, .none)
    }

    @Test("An unwanted event narrows what is watched, or ends it")
    func events() {
        var table = SocketTable()
        _ = table.want([.readable, .writable], of: 4)
        _ = table.want(.readable, of: 4)
        let (report, change) = table.event([.readable, .writable], on: 4)
        #expect(report == .readable && change == .modify(.readable))
        _ = table.want([], of: 4)
        let (nothing, removal) = table.event(.readable, on: 4)
        #expect(nothing == [] && removal == .remove)
        expect(&table, .readable, of: 4, .add(.readable))
    }

    @Test("A broken socket is reported to whoever waits for anything")
    func broken() {
        var table = SocketTable()
        _ = table.want(.readable, of: 4)
        let (report, change) = table.event([.readable, .broken], on: 4)
        #expect(report == [.readable, .broken] && change == .none)
    }

    @Test("A closed socket's number begins anew; one that was never seen is dropped")
    func closing() {
        var table = SocketTable()
        _ = table.want(.readable, of: 4)
        table.closed(4)
        expect(&table, .readable, of: 4, .add(.readable))
        let (report, change) = table.event(.readable, on: 77)
        #expect(report == [] && change == .remove)
        table.closed(99)
    }
}
