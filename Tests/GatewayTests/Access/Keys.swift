import Digests
import GatewayTesting

/// Gateway keys of tests.
enum Keys {
    /// An entry of `keys` for a key that reads `sk-<name>`.
    static func entry(_ name: String, _ more: String = "") -> String {
        let digest = Digest(sha256: Array("sk-\(name)".utf8)).hex
        return #"{"name":"\#(name)","sha256":"\#(digest)"\#(more.isEmpty ? "" : "," + more)}"#
    }

    /// The field that shows a key.
    static func field(_ name: String) -> String { "Authorization: Bearer sk-\(name)\r\n" }

    /// A gateway with keys.
    static func recipe(_ entries: String..., upstream: String = "") -> GatewayRecipe {
        var recipe = GatewayRecipe(upstream: upstream)
        recipe.keys = entries.joined(separator: ",")
        return recipe
    }
}
