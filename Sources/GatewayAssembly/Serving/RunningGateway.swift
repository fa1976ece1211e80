internal import ChatWire
internal import NIOCore
internal import SystemCalls
internal import UpstreamClient

/// A gateway that runs on a data folder, as its lock file tells: how other commands find it.
struct RunningGateway {
    /// Why one cannot be asked.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Its process id.
    let process: String
    /// Where its proxy listens, a URL.
    let proxy: String
    /// Where its admin side listens, a URL.
    let admin: String

    /// The gateway that holds a folder; nil where none does.
    static func holding(_ folder: String) throws -> RunningGateway? {
        let path = folder + "/memgate.lock"
        guard try Files.status(of: path) != nil else { return nil }
        do throws(SystemError) {
            _ = try FileLock.take(at: path)
            return nil
        } catch {
            guard error.isHeldByAnother else { throw error }
        }
        let text = String(decoding: try Files.read(path, count: 1024), as: UTF8.self)
        guard let gateway = RunningGateway(lockFile: text) else {
            throw Failure(
                description: "'\(folder)' is in use by a gateway that does not say where it listens; it is "
                    + "just starting, or the disk is full.")
        }
        return gateway
    }

    private init?(lockFile text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
        func value(_ name: String) -> String? {
            lines.first { $0.count == 2 && $0[0] == name }.map { String($0[1]) }
        }
        guard let process = value("process"), let proxy = value("proxy"), let admin = value("admin") else {
            return nil
        }
        self.process = process
        self.proxy = proxy
        self.admin = admin
    }

    /// What it has counted.
    func metrics() async throws -> MetricsReading {
        var limits = UpstreamLimits()
        limits.connect = .seconds(5)
        limits.total = .seconds(30)
        let upstream = Upstream(name: "admin", origin: admin, basePath: "", limits: limits)
        let answer = try await UpstreamProbe.with { probe in
            try await probe.get("/metrics", of: upstream, headers: HeaderFields()).get()
        }
        guard answer.status == 200, let body = answer.body else {
            throw Failure(description: "The gateway at \(admin) answers \(answer.status) to /metrics.")
        }
        return MetricsReading(String(buffer: body))
    }
}

/// The samples of a scraped page.
struct MetricsReading {
    private let sums: [String: Double]

    init(_ page: String) {
        var sums: [String: Double] = [:]
        for line in page.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...])
            else { continue }
            sums[String(line[..<space].prefix { $0 != "{" }), default: 0] += value
        }
        self.sums = sums
    }

    /// All samples of a metric together; nil where there are none.
    func sum(of name: String) -> Double? { sums[name] }
}
