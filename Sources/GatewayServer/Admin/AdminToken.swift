internal import Digests

/// What a caller of the admin side has to show.
package struct AdminToken: Sendable {
    private let digest: Digest

    /// A token by its text, which is not kept.
    package init(_ text: String) {
        digest = Digest(sha256: Array(text.utf8))
    }

    /// Whether a text is the token, in a time that tells nothing of where it differs.
    func matches(_ text: Substring) -> Bool {
        digest.matches(Digest(sha256: Array(text.utf8)).bytes)
    }
}
