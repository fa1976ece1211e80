extension WebAddress {
    /// OpenAI's own API.
    static let openAI = known("https://api.openai.com/v1")

    /// An address that we write ourselves.
    static func known(_ text: String) -> WebAddress {
        do {
            return try WebAddress(text)
        } catch {
            preconditionFailure("\(text) is a valid address")
        }
    }
}
