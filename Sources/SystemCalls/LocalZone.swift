internal import CSystemCalls
internal import Synchronization

/// The process's local time, as the C library and the system's database of time zones have it.
public enum LocalZone {
    /// Whether a zone was chosen, and what `TZ` said before.
    private static let before = Mutex((isChosen: false, variable: String?.none))

    /// Lets local time be that of a zone of the database, as in `Europe/Berlin`; nil for the system's. The
    /// first call belongs to the start, before other threads read the environment.
    public static func use(_ name: String?) {
        before.withLock { before in
            guard before.isChosen || name != nil else { return }
            if !before.isChosen { before = (true, variable) }
            let zone = name ?? before.variable ?? ":/etc/localtime"
            unsafe zone.withCString { unsafe memgate_use_time_zone($0) }
        }
    }

    private static var variable: String? {
        unsafe memgate_time_zone_variable().map { unsafe String(cString: $0) }
    }

    /// What the system calls its own zone: from `TZ`, or where `/etc/localtime` leads; else `UTC`.
    public static var systemName: String {
        let chosen = before.withLock { $0.isChosen ? $0.variable : variable }
        if let chosen, !chosen.isEmpty { return chosen }
        var bytes = [CChar](repeating: 0, count: 1024)
        let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe memgate_read_link("/etc/localtime", buffer.baseAddress, buffer.count)
        }
        let path = String(
            decoding: bytes.prefix(max(0, Int(count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let mark = "/zoneinfo/"
        guard let range = path.ranges(of: mark).last else { return "UTC" }
        return String(path[range.upperBound...])
    }

    /// Seconds that local time is ahead of UTC at a moment in seconds since 1970.
    public static func offset(at seconds: Int64) -> Int64 { memgate_utc_offset(seconds) }
}
