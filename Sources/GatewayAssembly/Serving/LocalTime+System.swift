internal import MemoryCore
internal import SystemCalls

extension LocalTime {
    /// Local time of the process, in a zone of the system's database or, with nil, in the system's own. There
    /// is one at a time: a reload changes it for everyone.
    init(zone: String?) {
        LocalZone.use(zone)
        self.init { LocalZone.offset(at: $0) }
    }
}
