/// Lines of the table that is printed.
enum Table {
    static func row(_ title: String, _ bytes: Int, _ least: Double, _ median: Double) -> String {
        pad(title, 34, right: false) + pad("\(bytes)", 9) + pad(rounded(least), 11) + pad(rounded(median), 12)
    }

    private static func rounded(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }

    private static func pad(_ text: String, _ width: Int, right: Bool = true) -> String {
        let fill = String(repeating: " ", count: max(0, width - text.count))
        return right ? fill + text : text + fill
    }
}
