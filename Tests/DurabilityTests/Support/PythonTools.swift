internal import Glibc

/// The tests' Python with its packages.
enum Python {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The virtual environments, as `python-env.sh` calls them.
    enum Environment: String, Sendable {
        /// `requirements.txt`, made where nothing else is asked for.
        case clients = ""
        /// `requirements-litellm.txt`: LiteLLM takes an older openai than the others do.
        case litellm
        /// `requirements-tokens.txt`: tokenizers of real models.
        case tokens
    }

    /// Makes an environment where it is not there yet.
    ///
    /// - Returns: the path of its interpreter.
    /// - Throws: what is missing on this machine, and how to mend it.
    static func with(_ environment: Environment, in workspace: Workspace) async throws -> String {
        do {
            let output = try await Shell.run(
                "bash", Places.tool("python-env.sh"), environment.rawValue, in: workspace)
            guard let last = output.split(separator: "\n").last else {
                throw Failure(description: "python-env.sh printed nothing")
            }
            return String(last)
        } catch {
            throw Failure(
                description:
                    "This test needs client libraries in a virtual environment, which could not be made. It "
                    + "takes Python 3.10 or later with venv and pip, and PyPI: apt-get install -y python3-venv.\n"
                    + "\(error)")
        }
    }
}

/// `scripted-upstream.py`, in a process of its own.
final class PythonUpstream: Sendable {
    /// Its base URL.
    let url: String
    private let child: ChildProcess

    /// Starts it on a port that the system chooses, and waits until it listens.
    init(_ python: String, _ workspace: Workspace) async throws {
        child = try ChildProcess(
            ChildProcess.Command(
                arguments: [python, Places.tool("scripted-upstream.py"), "--port", "0"],
                errorFile: workspace("upstream")))
        let greeting = await child.greeting.wait()
        guard let address = greeting.split(whereSeparator: \.isWhitespace).last, address.hasPrefix("http")
        else {
            child.signal(SIGKILL)
            throw Python.Failure(
                description: "scripted-upstream.py did not start: \(workspace.text(of: "upstream"))")
        }
        url = String(address)
    }

    deinit { child.signal(SIGKILL) }
}
