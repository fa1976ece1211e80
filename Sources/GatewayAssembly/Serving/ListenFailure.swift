internal import GatewaySettings
internal import NIOCore
internal import SystemCalls

/// Why a listener cannot listen where it should.
struct ListenFailure: Error, CustomStringConvertible {
    let description: String

    /// - Parameters:
    ///   - flag: chooses another address.
    ///   - error: what the system said.
    init(_ address: ListenAddress, flag: String, _ error: any Error) {
        let operation = "listening on \(address)"
        let code = (error as? IOError)?.errnoCode ?? (error as? SystemError)?.number
        let cause = code.map { "\(SystemError($0, operation))" }
        description =
            "\(cause ?? "\(operation): \(error)"). End the process that has the address, or choose another "
            + "one with --\(flag)."
    }
}
