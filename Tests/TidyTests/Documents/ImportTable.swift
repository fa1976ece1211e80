/// Which modules a target may import: the table of Architecture.md, read.
struct ImportTable: Sendable {
    /// By target; nil for one that may import everything.
    private var allowed: [String: Set<String>?] = [:]

    /// The targets of the table.
    var targets: Set<String> { Set(allowed.keys) }

    /// The table as it is committed.
    static let committed = ImportTable(Repository.text(of: Documents.architecture) ?? "")

    /// Reads rows of the form `` | `Target` | what it is | `Module`, `Module` | ``: no module where the last
    /// cell is a dash, every module where it says «everything».
    init(_ markdown: String) {
        for line in markdown.split(separator: "\n") {
            let cells = line.split(separator: "|").map(Self.trimmed)
            guard cells.count == 3, line.hasPrefix("| `"), let names = Self.names(cells[2]) else { continue }
            for target in Self.quoted(cells[0]) { allowed[target] = names }
        }
    }

    /// Whether a target may import a module; an unknown target may import nothing.
    func allows(_ target: String, toImport module: String) -> Bool {
        guard let row = allowed[target] else { return false }
        guard let names = row else { return true }
        return names.contains(module)
    }

    private static func names(_ cell: String) -> Set<String>?? {
        if cell.hasPrefix("everything") { return .some(nil) }
        let names = quoted(cell)
        return names.isEmpty && cell != "–" ? nil : .some(Set(names))
    }

    private static func quoted(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func trimmed(_ cell: Substring) -> String {
        var cell = cell
        while cell.first == " " { cell.removeFirst() }
        while cell.last == " " { cell.removeLast() }
        return String(cell)
    }
}
