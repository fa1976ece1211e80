internal import JSONBytes

/// What local model servers say of the window that a model is loaded with: never what it could take at most.
public enum LoadedWindow: CaseIterable, Sendable {
    /// llama.cpp, `/props`: one model, `default_generation_settings.n_ctx`.
    case properties
    /// vLLM, `/v1/models`: `max_model_len` of a model.
    case modelList
    /// LM Studio, `/api/v0/models`: `loaded_context_length` of a model.
    case studioList
    /// Ollama, `/api/ps`: `context_length` of a model that is loaded.
    case running

    /// The path, and whether it stands behind the version.
    public var path: (text: String, isVersioned: Bool) {
        switch self {
        case .properties: ("/props", false)
        case .modelList: ("/models", true)
        case .studioList: ("/api/v0/models", false)
        case .running: ("/api/ps", false)
        }
    }

    /// The window that an answer tells of a model; nil where it tells none.
    public func tokens(in body: [UInt8], model: String) -> Int? {
        guard let answer = try? JSONTreeParser.parse(body) else { return nil }
        let found: JSONValue? =
            switch self {
            case .properties:
                answer["default_generation_settings"]?["n_ctx"]
            case .modelList: Self.entry(of: model, in: answer["data"], ["id"])?["max_model_len"]
            case .studioList:
                Self.entry(of: model, in: answer["data"], ["id"])?["loaded_context_length"]
            case .running:
                Self.entry(of: model, in: answer["models"], ["name", "model"])?["context_length"]
            }
        guard case .number(let spelling)? = found?.content, let tokens = Int(spelling),
            (256...100_000_000).contains(tokens)
        else { return nil }
        return tokens
    }

    private static func entry(of model: String, in list: JSONValue?, _ names: [String]) -> JSONValue? {
        list?.elements?.first { entry in
            names.contains { name in
                guard let text = entry[name]?.string else { return false }
                return text == model || text == model + ":latest"
            }
        }
    }
}
