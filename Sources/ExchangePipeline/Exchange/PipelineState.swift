/// What a reload replaces. An exchange keeps to the one it began with.
package final class PipelineState: Sendable {
    /// The settings.
    package let settings: PipelineSettings
    /// The model servers.
    package let upstreams: UpstreamTable

    /// A state by its members.
    package init(_ settings: PipelineSettings, _ upstreams: UpstreamTable) {
        self.settings = settings
        self.upstreams = upstreams
    }
}
