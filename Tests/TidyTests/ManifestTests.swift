import Testing

@Suite("Package.swift and the table of Architecture.md")
struct ManifestTests {
    private static let manifest = Manifest.committed
    private static let table = ImportTable.committed
    private static let product = manifest.targets.filter { $0.kind != "testTarget" && !isTool($0.name) }

    /// Programs of benchmarks and tests are free in what they import.
    private static func isTool(_ name: String) -> Bool {
        Repository.holds("Tests/Benchmarks/\(name)") || Repository.holds("Tests/\(name)")
    }

    @Test func `The table names each target of the product, and no other`() {
        #expect(Set(Self.product.map(\.name)) == Self.table.targets)
        #expect(Self.product.count > 15)
    }

    @Test func `A target depends on nothing that it may not import`() {
        for target in Self.product {
            let excess = target.dependencies.filter { !Self.table.allows(target.name, toImport: $0) }
            #expect(excess.isEmpty, "\(target.name) depends on \(excess.sorted())")
        }
    }

    @Test func `What a target imports stands in its dependencies`() {
        let ours = Set(Self.manifest.targets.map(\.name))
        for source in Repository.swiftFiles {
            guard let target = Self.manifest.targets.first(where: { $0.name == source.target }) else {
                continue
            }
            for (module, line) in source.imports where ours.contains(module) {
                #expect(target.dependencies.contains(module), "\(source.path):\(line): \(module)")
            }
        }
    }

    @Test func `No target is reached by an arrow that it sends itself`() {
        let names = Set(Self.product.map(\.name))
        for start in Self.product {
            var seen: Set<String> = []
            var open = Array(start.dependencies)
            while let name = open.popLast() {
                #expect(name != start.name, "\(name) depends on itself")
                guard names.contains(name), seen.insert(name).inserted else { continue }
                open += Self.product.first { $0.name == name }.map { Array($0.dependencies) } ?? []
            }
        }
    }

    @Test func `Every package is pinned to one version`() {
        #expect(Self.manifest.packages.count >= 4)
        #expect(Self.manifest.unpinned.isEmpty)
    }

    @Test func `An unpinned package is found`() {
        let manifest = Manifest(
            #"let a = [.package(url: "b", from: "1.0.0"), .package(url: "c", exact: "1.0.0")]"#)
        #expect(manifest.unpinned.count == 1)
    }

    @Test func `Targets are read with their dependencies`() {
        let manifest = Manifest(
            """
            .target(name: "A", dependencies: ["B", .nioCore]), .testTarget(name: "ATests"),
            static let nioCore = Self.product(name: "NIOCore", package: "swift-nio")
            """)
        #expect(manifest.targets.map(\.name) == ["A", "ATests"])
        #expect(manifest.targets.first?.dependencies == ["B", "NIOCore"])
    }

    @Test func `The table's cells are read`() {
        let table = ImportTable(
            "| `A`, `B` | two | `C` |\n| `D` | any | everything |\n| `E` | none | – |\n| x | y | `z` |")
        #expect(table.targets == ["A", "B", "D", "E"])
        #expect(table.allows("A", toImport: "C") && table.allows("B", toImport: "C"))
        #expect(!table.allows("A", toImport: "D"))
        #expect(table.allows("D", toImport: "anything"))
        #expect(!table.allows("E", toImport: "A") && !table.allows("F", toImport: "A"))
    }
}
