public import SettingsSchema

/// Everything that is wrong with a configuration.
public struct ConfigurationFaults: Error, Sendable, CustomStringConvertible {
    /// The faults, never none, in the order in which they were found.
    public let faults: [SettingFault]

    init(_ faults: [SettingFault]) {
        precondition(!faults.isEmpty)
        self.faults = faults
    }

    /// One line a fault.
    public var lines: [String] { faults.map(\.description) }

    /// The lines, joined.
    public var description: String { lines.joined(separator: "\n") }
}
