/// Why a step was taken.
public enum StepCause: String, Hashable, Sendable, CaseIterable {
    /// The window has grown to its bound.
    case full
    /// The window is nearly full, and after a silence the server has no cached prompt left to lose.
    case cold
    /// The standing text was frozen under other settings: it is renewed, the window stays.
    case settings
    /// Rounds were deleted: the standing text tells of them from now on.
    case trimmed
}
