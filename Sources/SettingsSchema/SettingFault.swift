/// One thing that is wrong with the settings, said so that its reader can mend it.
public struct SettingFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where: a path in plugins.json, a flag or a variable.
    public let path: SettingPath
    /// What stands there. Never the content of a secret.
    public let found: String
    /// What may stand there.
    public let allowed: String
    /// What to do, a sentence.
    public let mend: String

    /// A fault by its parts.
    public init(_ path: SettingPath, found: String, allowed: String, mend: String) {
        self.path = path
        self.found = found
        self.allowed = allowed
        self.mend = mend
    }

    /// One line: `gateway.drain: found the number 30; allowed is a duration …. Write "30s".`
    public var description: String {
        let place = path == .root ? "the top level" : path.description
        return "\(place): found \(found); allowed is \(allowed). \(mend)"
    }
}
