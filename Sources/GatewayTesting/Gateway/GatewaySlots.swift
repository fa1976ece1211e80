/// How many gateways tests run at a time: a process has so many descriptors, and tests all begin at once.
enum GatewaySlots {
    /// About a dozen descriptors each, with clients and upstreams.
    private static let most = 600
    private static let used = Watched(0)
    /// Whether the task has a slot: a gateway within a gateway's test waits for no other one.
    @TaskLocal private static var isHeld = false

    /// Runs a body once there is room.
    static func with<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard !isHeld else { return try await body() }
        _ = try await used.value { used -> Bool? in
            guard used < most else { return nil }
            used += 1
            return true
        }
        defer { used.update { $0 -= 1 } }
        return try await $isHeld.withValue(true) { try await body() }
    }
}
