import NIOCore
import Testing
import UpstreamClient

@testable import CurlUpstream

@Suite("The time limits of a transfer")
struct TransferClockTests {
    private static let limits: UpstreamLimits = {
        var limits = UpstreamLimits()
        (limits.firstByte, limits.idle, limits.total) = (.seconds(10), .seconds(5), .seconds(60))
        return limits
    }()

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

    private func clock() -> TransferClock { TransferClock(limits: Self.limits, now: at(0)) }

    @Test("Before the head the first byte is waited for, uploads put it off")
    func firstByte() {
        var clock = clock()
        #expect(clock.expiry(at: at(10)) == nil)
        #expect(clock.expiry(at: at(11)) == .firstByte)
        clock.progressed(at: at(8))
        #expect(clock.expiry(at: at(18)) == nil)
        #expect(clock.expiry(at: at(19)) == .firstByte)
    }

    @Test("Behind the head silence counts")
    func idle() {
        var clock = clock()
        clock.answered(at: at(3))
        #expect(clock.expiry(at: at(8)) == nil)
        #expect(clock.expiry(at: at(9)) == .idle)
        clock.progressed(at: at(8))
        #expect(clock.expiry(at: at(13)) == nil)
    }

    @Test("However busy, it ends after the total")
    func total() {
        var clock = clock()
        clock.answered(at: at(1))
        clock.progressed(at: at(60))
        #expect(clock.expiry(at: at(60)) == nil)
        clock.progressed(at: at(61))
        #expect(clock.expiry(at: at(61)) == .total)
    }

    @Test("Time in which we hold the upstream back counts towards nothing")
    func held() {
        var clock = clock()
        clock.answered(at: at(1))
        clock.held(at: at(2))
        clock.held(at: at(50))
        #expect(clock.expiry(at: at(1000)) == nil)
        clock.released(at: at(1000))
        #expect(clock.expiry(at: at(1005)) == nil)
        #expect(clock.expiry(at: at(1006)) == .idle)
        clock.progressed(at: at(1058))
        #expect(clock.expiry(at: at(1058)) == nil)
        clock.progressed(at: at(1059))
        #expect(clock.expiry(at: at(1059)) == .total)
        clock.released(at: at(1059))
        #expect(clock.expiry(at: at(1059)) == .total)
    }
}
