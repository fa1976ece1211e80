// swift-tools-version: 6.2
import PackageDescription

extension Target.Dependency {
    static let nioCore = Self.product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = Self.product(name: "NIOPosix", package: "swift-nio")
    static let nioEmbedded = Self.product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = Self.product(name: "NIOHTTP1", package: "swift-nio")
    static let logging = Self.product(name: "Logging", package: "swift-log")
    static let hummingbird = Self.product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = Self.product(name: "HummingbirdCore", package: "hummingbird")
    static let httpTypes = Self.product(name: "HTTPTypes", package: "swift-http-types")
    static let argumentParser = Self.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let serviceLifecycle = Self.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = Self.product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let product: [Target] = [
    .executableTarget(name: "memgate", dependencies: ["GatewayAssembly"]),
    .target(
        name: "GatewayAssembly",
        dependencies: [
            "LoopTiming", "GatewayServer", "ExchangePipeline", "BackgroundJobs", "MemoryJobs",
            "PluginInterface", "StandardPlugins", "GatewaySettings", "SettingsSchema", "JSONBytes",
            "ChatWire", "MemoryCore", "MemoryStore", "LMDBMemoryStore", "UpstreamClient",
            "CurlUpstream", "SystemCalls", "Digests", "GatewayMetrics", .nioCore, .nioPosix, .logging,
            .serviceLifecycle,
            .unixSignals, .argumentParser,
        ]),
    .target(
        name: "GatewayServer",
        dependencies: [
            "LoopTiming", "ExchangePipeline", "GatewaySettings", "ChatWire", "JSONBytes", "MemoryCore",
            "MemoryStore", "UpstreamClient", "Gzip", "SystemCalls", "Digests", "GatewayMetrics",
            "PluginInterface", "SettingsSchema", .nioCore, .nioPosix, .nioHTTP1, .logging, .hummingbird,
            .hummingbirdCore, .httpTypes, .serviceLifecycle,
        ]),
    .target(
        name: "ExchangePipeline",
        dependencies: [
            "LoopTiming", "ChatWire", "JSONBytes", "MemoryCore", "MemoryStore", "UpstreamClient",
            "PluginInterface", "SettingsSchema", "GatewaySettings", "Gzip", "Digests", "GatewayMetrics",
            .nioCore, .logging,
        ]),
    .target(
        name: "StandardPlugins",
        dependencies: ["PluginInterface", "MemoryCore", "MemoryStore", "SettingsSchema"]),
    .target(
        name: "PluginInterface", dependencies: ["MemoryCore", "MemoryStore", "SettingsSchema", .logging]),
    .target(
        name: "MemoryJobs", dependencies: ["BackgroundJobs", "MemoryCore", "MemoryStore", "ChatWire"]),
    .target(
        name: "BackgroundJobs",
        dependencies: ["LoopTiming", "MemoryCore", "MemoryStore", .nioCore, .logging]),
    .target(name: "MemoryCore", dependencies: ["ChatWire", "JSONBytes", .nioCore]),
    .target(name: "ChatWire", dependencies: ["JSONBytes", .nioCore]),
    .target(name: "JSONBytes"),
    .target(name: "MemoryStore", dependencies: ["MemoryCore", .nioCore]),
    .target(
        name: "LMDBMemoryStore",
        dependencies: ["MemoryStore", "MemoryCore", "ChatWire", "SystemCalls", "CLMDB", .nioCore]),
    .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
    .target(name: "UpstreamClient", dependencies: ["ChatWire", .nioCore]),
    .target(
        name: "CurlUpstream",
        dependencies: [
            "LoopTiming", "UpstreamClient", "ChatWire", "SystemCalls", "CSystemCalls", "CCurl", .nioCore,
            .nioPosix, .logging,
        ]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "Gzip", dependencies: ["CZlib", .nioCore]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Digests", dependencies: ["CCrypto"]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "SystemCalls", dependencies: ["CSystemCalls"]),
    .target(name: "CSystemCalls"),
    .target(name: "LoopTiming", dependencies: [.nioCore]),
    .target(name: "GatewayMetrics"),
    .target(name: "SettingsSchema"),
    .target(
        name: "GatewaySettings",
        dependencies: ["PluginInterface", "MemoryCore", "JSONBytes", "SettingsSchema", "Digests"]),
    .target(
        name: "GatewayTesting",
        dependencies: [
            "LoopTiming", "GatewayAssembly", "GatewayServer", "ExchangePipeline", "PluginInterface",
            "StandardPlugins", "GatewaySettings", "SettingsSchema", "ChatWire", "JSONBytes", "MemoryCore",
            "MemoryStore", "LMDBMemoryStore",
            "UpstreamClient", "CurlUpstream", "SystemCalls", .nioCore, .nioPosix, .logging,
        ]),
]

/// Tests, and the programs that tests and benchmarks run.
let tests: [Target] = [
    .target(name: "RepeatableRandom", path: "Tests/RepeatableRandom"),
    .executableTarget(
        name: "WireBenchmark", dependencies: ["ChatWire", .nioCore],
        path: "Tests/Benchmarks/WireBenchmark"),
    .testTarget(name: "LoopTimingTests", dependencies: ["LoopTiming", .nioCore, .nioEmbedded]),
    .testTarget(
        name: "BackgroundJobsTests",
        dependencies: [
            "BackgroundJobs", "MemoryJobs", "MemoryCore", "MemoryStore", "LMDBMemoryStore", "GatewayTesting",
            "RepeatableRandom", "LoopTiming", .nioCore, .nioPosix, .logging,
        ]),
    .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
    .testTarget(name: "GatewayMetricsTests", dependencies: ["GatewayMetrics"]),
    .testTarget(name: "JSONBytesTests", dependencies: ["RepeatableRandom", "JSONBytes"]),
    .testTarget(
        name: "ChatWireTests", dependencies: ["RepeatableRandom", "ChatWire", "JSONBytes", .nioCore]),
    .testTarget(
        name: "MemoryCoreTests",
        dependencies: ["RepeatableRandom", "MemoryCore", "ChatWire", "JSONBytes", .nioCore]),
    .testTarget(
        name: "MemoryStoreTests",
        dependencies: [
            "RepeatableRandom", "GatewayTesting", "MemoryStore", "LMDBMemoryStore", "MemoryCore", "ChatWire",
            "SystemCalls", .nioCore,
        ]),
    .testTarget(
        name: "GatewaySettingsTests",
        dependencies: [
            "GatewaySettings", "PluginInterface", "StandardPlugins", "MemoryCore", "SettingsSchema",
            "JSONBytes", "Digests",
        ]),
    .testTarget(
        name: "StandardPluginsTests",
        dependencies: [
            "StandardPlugins", "PluginInterface", "MemoryCore", "MemoryStore", "SettingsSchema",
            "GatewayTesting", .logging,
        ]),
    .testTarget(
        name: "ExchangePipelineTests",
        dependencies: [
            "ExchangePipeline", "ChatWire", "JSONBytes", "MemoryCore", "MemoryStore", "UpstreamClient",
            "Digests", .nioCore,
        ]),
    .testTarget(
        name: "CurlUpstreamTests",
        dependencies: [
            "CurlUpstream", "UpstreamClient", "ChatWire", "SystemCalls", "GatewayTesting",
            "RepeatableRandom", "LoopTiming", .nioCore, .nioPosix,
        ]),
    .testTarget(
        name: "GatewayTests",
        dependencies: [
            "GatewayTesting", "GatewayAssembly", "GatewayServer", "ExchangePipeline", "GatewaySettings",
            "PluginInterface", "StandardPlugins", "SettingsSchema", "ChatWire", "JSONBytes", "MemoryCore",
            "MemoryStore",
            "SystemCalls", "Digests", "memgate", .nioCore, .nioPosix,
        ]),
    .executableTarget(
        name: "UnsyncedGateway",
        dependencies: [
            "GatewayAssembly", "GatewaySettings", "SettingsSchema", "LMDBMemoryStore", .logging,
        ], path: "Tests/UnsyncedGateway"),
    .testTarget(
        name: "DurabilityTests",
        dependencies: [
            "RepeatableRandom", "memgate", "UnsyncedGateway", "LMDBMemoryStore", "MemoryStore", "MemoryCore",
            "ChatWire", "SystemCalls", .nioCore, .nioPosix, .nioHTTP1,
        ]),
    .testTarget(name: "TidyTests"),
    .executableTarget(
        name: "StoreBenchmark",
        dependencies: [
            "GatewayTesting", "LMDBMemoryStore", "MemoryStore", "MemoryCore", "SystemCalls", .nioCore,
        ], path: "Tests/Benchmarks/StoreBenchmark"),
]

/// One settings loop for all Swift targets: see the end.
let package = Package(
    name: "memgate",
    products: [.executable(name: "memgate", targets: ["memgate"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
    ],
    targets: product + tests
)

/// C code and system libraries take no Swift settings.
let swiftKinds: [Target.TargetType] = [.regular, .executable, .test]
for target in package.targets where swiftKinds.contains(target.type) && !target.name.hasPrefix("CSystem") {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        // `@_lifetime` on getters that lend a `Span`: JSONBytes, ChatWire and LMDBMemoryStore/LMDB only.
        .enableExperimentalFeature("Lifetimes"),
    ]
}
