extension SettingGroup {
    /// Every setting below as a Markdown table, from the declarations alone: name, type, default, limits,
    /// sentence.
    public var markdownTable: String {
        let head = ["| setting | type | default | limits | meaning |", "|---|---|---|---|---|"]
        let rows = settings.map { path, setting in
            let cells = [
                "`\(path)`", setting.typeName, setting.defaultCell, setting.limits.asCell,
                setting.sentence.asCell,
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return (head + rows).joined(separator: "\n") + "\n"
    }
}

extension SettingDeclaration {
    /// The kind of value; empty for a group, which has none of its own.
    fileprivate var typeName: String {
        guard case .value(let type) = kind else { return "" }
        return type.name
    }

    /// The bounds of the value.
    fileprivate var limits: String {
        guard case .value(let type) = kind else { return "" }
        return type.limits
    }

    fileprivate var defaultCell: String {
        if presence == .required { return "required" }
        return defaultText.map { "`\($0.asCell)`" } ?? "none"
    }
}

extension String {
    /// The text where a bar would end the cell.
    fileprivate var asCell: String {
        split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
