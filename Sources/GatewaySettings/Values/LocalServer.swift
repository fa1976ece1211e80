/// A model server that people run on a machine of their own, known by the port on which it listens unless it
/// is told otherwise. In the order in which they are looked for.
public enum LocalServer: Int, Hashable, Sendable, CaseIterable {
    /// Ollama.
    case ollama = 11434
    /// The server of llama.cpp.
    case llamaCpp = 8080
    /// LM Studio.
    case lmStudio = 1234
    /// vLLM.
    case vLLM = 8000

    /// Its usual port.
    public var port: Int { rawValue }

    /// As its makers write it.
    public var name: String {
        switch self {
        case .ollama: "Ollama"
        case .llamaCpp: "llama.cpp"
        case .lmStudio: "LM Studio"
        case .vLLM: "vLLM"
        }
    }
}
