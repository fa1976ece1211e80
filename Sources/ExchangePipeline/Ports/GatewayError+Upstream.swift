package import UpstreamClient

extension GatewayError {
    /// What a client is told when its upstream gives no reply.
    package init(_ error: UpstreamError) {
        switch error.code {
        case .timeout:
            self.init(504, "upstream_timeout", "The model server did not answer in time: \(error.context).")
        case .unreachable:
            self.init(
                502, "upstream_unreachable",
                "The model server cannot be reached: \(error.context). Check that it runs and that "
                    + "upstreams.url is its address.")
        case .cut:
            self.init(502, "upstream_cut", "The model server broke off its reply: \(error.context).")
        case .malformed:
            self.init(
                502, "upstream_malformed", "The model server's reply is not valid HTTP: \(error.context).")
        case .internalFault:
            self.init(
                502, "upstream_fault", "The request could not be sent to the model server: \(error.context).")
        }
    }
}
