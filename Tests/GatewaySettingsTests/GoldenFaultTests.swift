import GatewaySettings
import Testing

@Suite("Faulty configurations and the lines they get")
struct GoldenFaultTests {
    @Test func `The file of cases is there, each title once`() {
        #expect(FaultCase.all.count >= 100)
        #expect(Set(FaultCase.all.map(\.title)).count == FaultCase.all.count)
    }

    @Test(arguments: FaultCase.all)
    func `A faulty configuration gets exactly its lines`(faulty: FaultCase) {
        #expect(!faulty.expected.isEmpty)
        #expect(faulty.lines == faulty.expected)
    }

    @Test(arguments: FaultCase.all)
    func `A line says what was found and what is allowed, on one line, and shows no secret`(faulty: FaultCase)
    {
        for line in faulty.lines {
            #expect(line.contains(": found ") && line.contains("; allowed is "))
            #expect(line.hasSuffix(".") || line.hasSuffix("?"))
            #expect(line.split(whereSeparator: \.isNewline).count == 1)
            #expect(!line.contains("hush"))
            #expect(!line.contains("271828"))
        }
    }
}
