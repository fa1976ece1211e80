import SettingsSchema

extension Configuration {
    /// The store.
    public struct StoreSettings: Hashable, Sendable {
        /// How large the store may grow, in bytes.
        public let maxBytes: Int

        init(_ reader: SettingsReader) {
            maxBytes = reader.value(StoreSchema.maxBytes)
        }
    }
}
