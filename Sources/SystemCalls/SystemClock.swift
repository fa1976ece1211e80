internal import CSystemCalls

/// The machine's clocks, as plain counts.
public enum SystemClock {
    /// Wall time: microseconds since 1970.
    public static func wallMicroseconds() -> Int64 { memgate_wall_microseconds() }

    /// Time that never jumps: nanoseconds since an arbitrary moment.
    public static func monotonicNanoseconds() -> Int64 { memgate_monotonic_nanoseconds() }

    /// Processor time of the calling thread, in nanoseconds.
    public static func threadCPUNanoseconds() -> Int64 { memgate_thread_cpu_nanoseconds() }

    /// Processor time of the process, in nanoseconds.
    public static func processCPUNanoseconds() -> Int64 { memgate_process_cpu_nanoseconds() }
}
