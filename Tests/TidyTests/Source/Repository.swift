import FoundationEssentials

/// The files of this repository, found from where this file stands.
enum Repository {
    /// The folder of `Package.swift`.
    static let root: String = {
        let steps = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return steps.dropLast(4).joined(separator: "/")
    }()

    /// Names of folders that hold nothing written by hand, or nothing of ours.
    private static let skipped: Set<String> = [".git", ".build", ".swiftpm", "__pycache__", "var"]

    /// Paths from the root of all files below some folders, sorted.
    static func files(under folders: [String], endingIn suffixes: [String] = [""]) -> [String] {
        folders.flatMap { walk($0) }.filter { path in suffixes.contains { path.hasSuffix($0) } }.sorted()
    }

    /// Paths from the root of all folders below some folders.
    static func folders(under folders: [String]) -> Set<String> {
        Set(walk(folders).map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    }

    /// The Swift files of the product and of its tests.
    static let swiftFiles: [SwiftSource] = files(under: ["Sources", "Tests"], endingIn: [".swift"]).map {
        path in
        SwiftSource(path, text(of: path) ?? "")
    }

    /// A file's text; nil for one that is missing or is no UTF-8.
    static func text(of path: String) -> String? {
        guard let bytes = try? Data(contentsOf: URL(filePath: root + "/" + path)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Whether a path from the root exists.
    static func holds(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    private static func walk(_ folders: [String]) -> [String] {
        folders.flatMap(walk)
    }

    private static func walk(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
        return names.sorted().flatMap { name -> [String] in
            guard !skipped.contains(name) else { return [] }
            let path = folder + "/" + name
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
            return isFolder ? walk(path) : [path]
        }
    }
}
