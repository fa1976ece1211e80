internal import FoundationEssentials
internal import SettingsSchema
internal import SystemCalls

/// The process's own environment and files.
struct ProcessSurroundings: Surroundings {
    func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }

    func contents(ofFile path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, count: limit + 1)
        } catch {
            throw error.isMissing ? .missing : .refused("\(error)")
        }
        guard bytes.count <= limit else { throw .tooLong }
        return bytes
    }
}
