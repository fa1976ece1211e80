import SettingsSchema

extension Configuration {
    /// A named bundle of memory settings.
    public struct Policy: Hashable, Sendable {
        /// How exchanges are recorded.
        public struct Record: Hashable, Sendable {
            /// How long the end of a reply waits for the store, counted from its finishing event.
            public let deadline: Duration
            /// How long a plain reply is read to its end after its client has gone.
            public let drainTimeout: Duration
        }

        /// How exchanges are recorded.
        public let record: Record

        init(_ reader: SettingsReader) {
            let record = reader.group("record")
            self.record = Record(
                deadline: record.value(PolicySchema.deadline),
                drainTimeout: record.value(PolicySchema.drainTimeout))
        }
    }
}
