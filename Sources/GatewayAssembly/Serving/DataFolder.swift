internal import FoundationEssentials
internal import GatewaySettings
internal import SettingsSchema
internal import Synchronization
internal import SystemCalls

/// The folder that holds everything the gateway writes, locked for this process.
final class DataFolder: Sendable {
    /// Why the folder cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let path: String
    private let lockPath: String
    private let lock: Mutex<FileLock?>

    /// Makes the folder (mode 0700) where it is missing, and locks it.
    init(_ path: String) throws {
        self.path = path
        lockPath = path + "/memgate.lock"
        do throws(SystemError) {
            try Files.makeFolder(at: path)
        } catch {
            throw Failure(description: "The data folder '\(path)' cannot be made: \(error).")
        }
        do throws(SystemError) {
            lock = Mutex(try FileLock.take(at: lockPath))
        } catch {
            guard error.isHeldByAnother else {
                throw Failure(description: "The data folder '\(path)' cannot be locked: \(error).")
            }
            let holder =
                (try? Files.read(lockPath, count: 256)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            throw Failure(
                description:
                    "The data folder '\(path)' is in use by \(Self.oneLine(holder)). End that process, or "
                    + "give this one a folder of its own with --data.")
        }
    }

    /// The secret that marks and tenants are made with: 32 bytes, made once, in a file of mode 0600.
    func secret() throws -> [UInt8] {
        let file = path + "/secret"
        do {
            let bytes = try Files.read(file, count: 64)
            guard bytes.count == 32 else {
                throw Failure(
                    description: "'\(file)' is not a secret of this gateway: it has \(bytes.count) bytes "
                        + "instead of 32. Put the right one back, or remove it; blocks that clients send "
                        + "back are then no longer known, nor tenants by credential.")
            }
            return bytes
        } catch let error as SystemError where error.isMissing {
            var random = SystemRandomNumberGenerator()
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            do throws(SystemError) {
                try Files.write(bytes, to: file)
            } catch {
                throw Failure(description: "'\(file)' cannot be written: \(error).")
            }
            return bytes
        }
    }

    /// The admin listener's token: made once, in a file of mode 0600, and made anew where that is gone.
    func adminToken() throws -> String {
        let file = path + "/" + Self.tokenFile
        do {
            let text = String(decoding: try Files.read(file, count: 4096), as: UTF8.self)
            guard let token = text.split(whereSeparator: \.isWhitespace).first else {
                throw Failure(
                    description: "'\(file)' holds no token. Remove it, and the next start makes a new one.")
            }
            return String(token)
        } catch let error as SystemError where error.isMissing {
            let token = GatewayToken.made()
            do throws(SystemError) {
                try Files.write(Array("\(token)\n".utf8), to: file)
            } catch {
                // A full disk must not keep a gateway from starting: this token holds until it ends.
                guard error.isFull else {
                    throw Failure(description: "'\(file)' cannot be written: \(error).")
                }
            }
            return token
        }
    }

    /// The token of the gateway that runs on a folder.
    static func token(of configuration: Configuration) throws -> String {
        if let token = configuration.gateway.adminToken { return token.reveal() }
        let file = configuration.gateway.data + "/" + tokenFile
        do {
            let text = String(decoding: try Files.read(file, count: 4096), as: UTF8.self)
            return String(text.split(whereSeparator: \.isWhitespace).first ?? "")
        } catch {
            throw Failure(description: "The admin token cannot be read from '\(file)': \(error).")
        }
    }

    /// The name of the file with the admin listener's token.
    static let tokenFile = "admin-token"

    /// Notes who holds the folder, for other commands.
    func write(addresses proxy: String, _ admin: String) throws {
        let process = ProcessInfo.processInfo.processIdentifier
        let text = "process \(process)\nproxy \(proxy)\nadmin \(admin)\n"
        do {
            try lock.withLock { try $0?.write(text) }
        } catch let error as SystemError where error.isFull {
            // The lock holds without the note; a full disk must not keep a gateway from starting.
        }
    }

    /// Lets the folder go.
    func release() {
        lock.withLock { $0 = nil }
    }

    private static func oneLine(_ text: String) -> String {
        let words = text.split(separator: "\n").joined(separator: ", ")
        return words.isEmpty ? "another process" : words
    }
}
