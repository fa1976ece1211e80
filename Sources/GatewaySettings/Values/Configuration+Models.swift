import SettingsSchema

extension Configuration {
    /// The models that work for the memory itself.
    public struct Models: Hashable, Sendable {
        /// One of them.
        public struct Use: Hashable, Sendable {
            /// The upstream's name; nil for the session's own.
            public let upstream: String?
            /// The model; nil for the one that the session used last.
            public let model: String?
            /// The most tokens of an answer; nil for what the question wants.
            public let maxTokens: Int?
            /// How long an answer may take.
            public let timeout: Duration
            /// How many tokens may be used in a day; nil for no bound.
            public let tokensPerDay: Int?
            /// Whether calls make way for chats; nil where the upstream decides that.
            public let yield: Bool?

            init(_ reader: SettingsReader) {
                upstream = reader.value(ModelsSchema.upstream)
                let name = reader.value(ModelsSchema.model)
                model = name == "auto" ? nil : name
                maxTokens = reader.value(ModelsSchema.maxTokens)
                timeout = reader.value(ModelsSchema.timeout)
                let bound = reader.value(ModelsSchema.tokensPerDay)
                tokensPerDay = bound == 0 ? nil : bound
                yield = reader.value(ModelsSchema.yield)
            }
        }

        /// For summaries.
        public let summary: Use
        /// For titles.
        public let title: Use

        /// - Parameter upstreams: those that there are, by name; nil where they are not known.
        init(_ reader: SettingsReader, upstreams: [String]?) {
            summary = Use(reader.group("summary"))
            let own = Use(reader.group("title"))
            title = reader.holds("title") ? own : summary
            for (name, use) in [("summary", summary), ("title", own)] {
                guard let upstreams, let wanted = use.upstream, !upstreams.contains(wanted) else { continue }
                reader.decoding.report(
                    SettingFault(
                        reader.path.member(name).member("upstream"), found: wanted.quotedOnOneLine,
                        allowed: "one of: \(upstreams.joined(separator: ", "))",
                        mend: "Name an upstream that there is."))
            }
        }
    }
}
