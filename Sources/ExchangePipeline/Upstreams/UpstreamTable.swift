package import ChatWire
internal import MemoryCore
package import SettingsSchema
package import UpstreamClient

/// The model servers in the order of the settings, and what each is sent. Never empty.
package struct UpstreamTable: Sendable {
    /// A header field.
    package typealias Field = (name: String, value: String)

    /// One model server.
    package struct Entry: Sendable {
        /// The server.
        package let upstream: Upstream
        /// Whether it was reached when it was asked last.
        package let health = UpstreamHealth()
        private let patterns: [NamePattern]
        private let fields: HeaderFields
        private let ownKey: Field?
        private let keysByCaller: [String: Field]
        private let contextTokens: [(pattern: NamePattern, tokens: Int)]
        private let isVendor: Bool

        /// An entry by its members.
        ///
        /// - Parameters:
        ///   - patterns: the models it serves.
        ///   - fields: take the place of the client's own.
        ///   - ownKey: the field with its credential; nil for none.
        ///   - keysByCaller: that field for gateway keys that bring a credential of their own, by name.
        ///   - contextTokens: how many tokens models take, the first pattern that fits counts.
        ///   - isVendor: whether it is a vendor's, whose models' windows are known by their names.
        package init(
            _ upstream: Upstream, patterns: [NamePattern] = [NamePattern("*")],
            fields: HeaderFields = HeaderFields(), ownKey: Field? = nil, keysByCaller: [String: Field] = [:],
            contextTokens: [(pattern: NamePattern, tokens: Int)] = [], isVendor: Bool = false
        ) {
            self.upstream = upstream
            self.patterns = patterns
            self.fields = fields
            self.ownKey = ownKey
            self.keysByCaller = keysByCaller
            self.contextTokens = contextTokens
            self.isVendor = isVendor
        }

        func serves(_ model: String) -> Bool { patterns.contains { $0.matches(model) } }

        /// How many tokens a model takes by the settings.
        func setWindow(of model: String) -> Int? {
            contextTokens.first { $0.pattern.matches(model) }?.tokens
        }

        /// How many tokens a vendor's model takes by its name.
        func hostedWindow(of model: String) -> Int? { isVendor ? ModelWindow.hosted(model) : nil }

        /// Whether the server can be asked what it has loaded.
        var isSearched: Bool { !isVendor && upstream.isServer }

        /// How many tokens a model takes, as far as that is known without having asked it.
        package func window(of model: String) -> Int {
            setWindow(of: model) ?? hostedWindow(of: model) ?? ContextBudget.assumedWindow
        }

        /// The fields of a request of our own.
        package func completeOwn(_ headers: inout HeaderFields) {
            for (name, value) in fields.pairs { headers.replace(name, with: value) }
            if let ownKey { headers.replace(ownKey.name, with: ownKey.value) }
        }

        /// Makes a client's fields ours: the settings' fields, and the credential of the caller's key, else
        /// of the upstream, else, where no key is needed, the client's own. Never two of them.
        package func complete(_ headers: inout HeaderFields, for caller: Caller) {
            let key = caller.key.flatMap { keysByCaller[$0] } ?? ownKey
            if key != nil { AccessTable.removeCredentials(from: &headers) }
            for (name, value) in fields.pairs { headers.replace(name, with: value) }
            if let key { headers.replace(key.name, with: key.value) }
        }
    }

    /// All of them.
    package let entries: [Entry]

    /// A table of at least one entry.
    package init(_ entries: [Entry]) {
        precondition(!entries.isEmpty, "a gateway has an upstream")
        self.entries = entries
    }

    /// The one that serves what no other claims.
    package var first: Entry { entries[0] }

    /// The first that serves a model; without a model or a match, the first.
    package func entry(for model: String?) -> Entry {
        guard let model, !model.isEmpty else { return first }
        return entries.first { $0.serves(model) } ?? first
    }
}
