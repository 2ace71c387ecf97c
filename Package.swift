// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // Flash is dearer than microseconds on a BMC.
    .unsafeFlags(["-Osize"], .when(configuration: .release)),
    // One thread, and tests that check it in debug builds: an eighth of a command's instructions.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    // The same of closures that are called on the actor which they belong to.
    .unsafeFlags(
        ["-Xfrontend", "-disable-dynamic-actor-isolation"],
        .when(configuration: .release)
    ),
    // A program takes of a module what it calls: public is then no reason to keep a function.
    .unsafeFlags(
        ["-Xfrontend", "-function-sections", "-Xfrontend", "-internalize-at-link"],
        .when(configuration: .release)
    ),
]

let linkingFiles = Context.packageDirectory + "/Sources/Linking/"

let linking: [String] =
    [
        "-use-ld=lld",
        // libstdc++ and libgcc_s are a megabyte of memory when nobody else uses them.
        "-L\(linkingFiles)", "-Xclang-linker", "-static-libgcc",
    ]
    + [
        // Nothing is exported: the static runtime would otherwise keep every public symbol in the program.
        "--version-script=\(linkingFiles)exports.map",
        // Functions of the same code are kept once, and relocations take a bit instead of 24 bytes (glibc 2.36).
        "--icf=all", "-zpack-relative-relocs",
        // Addresses of libraries' functions are found at the start and cannot be changed afterwards.
        "-znow",
        "-T\(linkingFiles)sections.ld", "--no-eh-frame-hdr",
        // Code that is used lies together: the rest is never read into memory. Tests/Benchmark/order.py writes it;
        // names that are not there any more are passed over.
        "--symbol-ordering-file=\(linkingFiles)used-functions.txt", "--no-warn-symbol-ordering",
    ].flatMap { ["-Xlinker", $0] }

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        swiftSettings: strict,
        linkerSettings: [
            .unsafeFlags(linking, .when(configuration: .release))
        ]
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
        swiftSettings: strict
    )
}

let package = Package(
    name: "nvme-mi-bridge",
    products: [
        .executable(name: "nvmemid", targets: ["nvmemid"]),
        .executable(name: "nvmemi", targets: ["nvmemi"]),
        .executable(name: "nvmemi-sim", targets: ["nvmemi-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CDBus",
            pkgConfig: "dbus-1",
            providers: [.apt(["libdbus-1-dev"])]
        ),
        .systemLibrary(name: "CLinux"),

        module("EventLoop", ["CLinux"]),
        module("DBus", ["CDBus", "EventLoop"]),
        module("MCTP", ["CLinux", "EventLoop"]),
        .target(name: "NVMeMI", exclude: ["README.md"], swiftSettings: strict),
        module("NVMeMIClient", ["NVMeMI", "MCTP", "EventLoop"]),
        module("NVMeMIDrives", ["NVMeMIClient", "NVMeMI", "MCTP", "EventLoop", logging]),
        module(
            "NVMeMIBridge",
            [
                "CLinux", "DBus", "NVMeMIDrives", "NVMeMIClient", "NVMeMI", "MCTP", "EventLoop",
                logging,
            ]
        ),
        module("NVMeMIDevice", ["NVMeMI"]),
        module("NVMeMISimulator", ["NVMeMIDevice", "NVMeMI", "MCTP", "DBus", "EventLoop"]),

        executable("nvmemid", ["NVMeMIBridge", "DBus", "MCTP", "EventLoop", "CLinux", logging]),
        executable("nvmemi", ["NVMeMI", "DBus", "EventLoop", "CLinux", argumentParser]),
        executable(
            "nvmemi-sim",
            ["NVMeMISimulator", "NVMeMIDevice", "MCTP", "DBus", "EventLoop", argumentParser]
        ),

        .target(
            name: "TestSupport",
            dependencies: ["EventLoop"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests("EventLoop", []),
        tests("DBus", ["EventLoop"]),
        tests("MCTP", ["EventLoop"]),
        tests("NVMeMI", []),
        tests("NVMeMIClient", ["NVMeMI", "NVMeMIDevice", "MCTP", "EventLoop"]),
        tests(
            "NVMeMIDrives",
            ["NVMeMIClient", "NVMeMIDevice", "NVMeMI", "MCTP", "EventLoop", logging]
        ),
        tests(
            "NVMeMIBridge",
            [
                "NVMeMIDrives", "NVMeMIClient", "NVMeMISimulator", "DBus", "MCTP", "NVMeMI",
                "EventLoop",
            ]
        ),
        tests("NVMeMIDevice", ["NVMeMI"]),
        tests("nvmemid", ["EventLoop", logging]),
        tests("nvmemi", ["NVMeMI", "DBus", argumentParser]),
        tests("NVMeMISimulator", ["NVMeMIDevice", "NVMeMI", "MCTP", "DBus", "EventLoop"]),
    ],
    swiftLanguageModes: [.v6]
)
