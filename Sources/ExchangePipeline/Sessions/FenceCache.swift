internal import MemoryCore

/// Keeps the marks of owners, which cost a digest each. The secret that they are made with never changes
/// while a process runs.
struct FenceCache {
    private static let capacity = 1000
    private var marks: [SessionOwner: String] = [:]

    mutating func fence(for owner: SessionOwner, _ settings: PipelineSettings) -> MemoryFence {
        if let mark = marks[owner] { return MemoryFence(mark: mark, language: settings.language) }
        let fence = settings.fence(for: owner)
        if marks.count >= Self.capacity { marks.removeAll(keepingCapacity: true) }
        marks[owner] = fence.mark
        return fence
    }
}
