internal import JSONBytes
internal import NIOCore

extension UpstreamProbe.Answer {
    /// Whether this is a list of models as OpenAI's API writes one: other web servers like the same ports.
    ///
    /// A server without any model counts: somebody runs it, and will give it one. Ollama then writes `null`
    /// for the list. An empty list is what many services answer, so it has to say that it is one.
    var isModelList: Bool {
        guard status == 200, let body, let json = try? JSONTreeParser.parse(Array(body.readableBytesView))
        else { return false }
        switch json["data"]?.content {
        case .array(let models) where !models.isEmpty:
            return models.allSatisfy { $0["id"]?.string?.isEmpty == false }
        case .array, .null: return json["object"]?.string == "list"
        default: return false
        }
    }
}
