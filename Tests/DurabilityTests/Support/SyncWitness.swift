/// The preload library that watches, limits or kills a gateway at its writes.
enum SyncWitness {
    /// Compiles it, once for all tests. The compiler is the one of the Swift toolchain.
    static func library() async throws -> String {
        try await build.value
    }

    private static let build = Task {
        let workspace = try Workspace()
        let library = Places.products + "/sync-witness.so"
        let made = workspace("sync-witness.so")
        try await Shell.run(
            "clang", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O1", "-o", made,
            Places.tool("sync-witness.c"),
            "-ldl", "-pthread", in: workspace)
        // Into its place in one step: another test run may be using it.
        try await Shell.run("mv", made, library, in: workspace)
        return library
    }
}

/// Other programs that tests need.
enum Shell {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a program to its end.
    ///
    /// - Returns: what it printed.
    /// - Throws: where it did not end with 0, with what it said.
    @discardableResult
    static func run(_ arguments: String..., in workspace: Workspace) async throws -> String {
        let log = "tool-\(UInt64.random(in: 0...UInt64.max))"
        let command = ChildProcess.Command(arguments: arguments, errorFile: workspace(log))
        let (output, ending) = try await ChildProcess(command).end()
        guard ending == .exited(0) else {
            throw Failure(
                description:
                    "\(arguments.joined(separator: " ")): \(ending)\n\(output)\(workspace.text(of: log))")
        }
        return output
    }
}
