/// A piece of Swift code: comments and blanks lie between tokens.
struct Token: Equatable {
    /// What a token is.
    enum Kind {
        /// A name or keyword, `@` and `#` of attributes and macros included.
        case word
        /// A string literal, its quotes and what is interpolated included.
        case text
        /// One character of anything else.
        case mark
    }

    let kind: Kind
    let text: String
    /// From 1.
    let line: Int
    /// Whether only blanks stand before it on its line.
    let isFirstOnLine: Bool
    /// Whether a blank or a comment stands right before it.
    let followsSpace: Bool

    /// Whether it is this character.
    func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }

    /// Whether it is this word.
    func isWord(_ word: String) -> Bool { kind == .word && text == word }
}

/// A comment, or one line of a longer one.
struct Comment: Equatable {
    let line: Int
    let text: String

    /// Whether it documents a declaration.
    var isDocumentation: Bool { text.hasPrefix("///") || text.hasPrefix("/**") }
}
