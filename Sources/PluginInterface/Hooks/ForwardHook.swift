/// Adds to a request on its way up.
public protocol ForwardHook: Plugin {
    /// Header fields for the model server, names and values. At once: it runs on the event loop.
    func fields(_ request: RequestView, _ services: PluginServices) throws -> [(name: String, value: String)]
}
