import SettingsSchema

extension SettingRule where Value == ListenAddress {
    /// Host and port to listen on.
    static var address: SettingRule {
        SettingRule(.address, spell: { "\"\($0)\"" }) { text throws(SettingRefusal) in
            if let address = ListenAddress(text) { return address }
            if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty {
                throw SettingRefusal(mend: "Add the host: \"127.0.0.1:\(text.prefix(5))\".")
            }
            if text.hasPrefix(":"), !text.hasPrefix("::") {
                throw SettingRefusal(
                    mend: "Add the host: 127.0.0.1 for this machine, 0.0.0.0 for all its addresses.")
            }
            if text.contains("://") { throw SettingRefusal(mend: "Write host and port alone.") }
            throw SettingRefusal(
                mend: "Write host and port, version 6 addresses in brackets: \"[::1]:8787\".")
        }
    }
}

extension SettingRule where Value == WebAddress {
    /// A server's URL.
    static var webAddress: SettingRule {
        SettingRule(.url("an http:// or https:// URL"), spell: { "\"\($0)\"" }) {
            text throws(SettingRefusal) in
            try WebAddress(text)
        }
    }
}

extension SettingRule where Value == UpstreamTarget {
    /// A model server's URL, or the built-in model.
    static var upstreamTarget: SettingRule {
        let type = SettingType.url("an http:// or https:// URL, or \"demo\"")
        return SettingRule(type, spell: { "\"\($0)\"" }) { text throws(SettingRefusal) in
            text == "demo" ? .demo : .server(try WebAddress(text))
        }
    }
}

extension SettingRule where Value == PathRule {
    /// A path that a shared gateway passes on.
    static var pathRule: SettingRule {
        let type = SettingType.string("a path below /v1 (\"models\"), one with a slash, or \"METHOD path\"")
        return SettingRule(type, spell: { "\"\($0)\"" }) { text throws(SettingRefusal) in try PathRule(text) }
    }
}

extension SettingRule where Value == HostName {
    /// A host by name or address, without a port.
    static var host: SettingRule {
        SettingRule(.string("a host without a port"), spell: { "\"\($0)\"" }) { text throws(SettingRefusal) in
            if let host = HostName(text) { return host }
            if ListenAddress(text) != nil { throw SettingRefusal(mend: "Remove the port.") }
            throw SettingRefusal(mend: "Write a host alone, as in \"gateway.example.com\".")
        }
    }
}

extension SettingRule where Value == OriginPattern {
    /// An origin whose pages may use the gateway.
    static var origin: SettingRule {
        let type = SettingType.string("an origin (\"https://chat.example.com\", \"chrome-extension://*\")")
        return SettingRule(type, spell: { "\"\($0)\"" }) { text throws(SettingRefusal) in
            try OriginPattern(text)
        }
    }
}
