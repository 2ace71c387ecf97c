import NVMeMI

/// Whole messages of every kind, to be cut and damaged.
enum GoldenFrames {
    /// Requests of all commands, and an asynchronous event.
    static let requests: [[UInt8]] =
        AnyCommand.all.map(\.example)
        + [
            bytes("84 28 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e 9d 08 93 e9")
        ]

    /// Responses with all kinds of contents.
    static let responses: [[UInt8]] = [
        bytes("84 88 00 00 00 00 00 00 24 55 77 22"),
        bytes("84 90 00 00 01 00 1e 00 62 9b 5a e6"),
        bytes("84 88 00 00 04 00 08 00 6f a7 41 c4"),
        bytes("84 88 00 00 03 00 00 00 1d dc 55 40"),
        bytes("84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 04 80 e3 17 7c 44"),
        bytes("84 80 00 00 00 5a 00 00 ec 39 a3 ac"),
        bytes(
            """
            84 88 00 00 00 20 00 00 01 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 3c f8 db 52
            """
        ),
        bytes("84 88 00 00 00 00 00 00 30 ff 2e 01 01 00 00 00 11 a7 bd b0"),
        // Two controllers.
        sealed("84 88 00 00 00 06 00 00 02 00 00 00 01 00"),
        // Three optional commands.
        sealed("84 88 00 00 00 08 00 00 03 00 08 06 10 09 10 11"),
        // One controller's health.
        sealed(
            """
            84 88 00 00 00 00 00 01 01 00 21 00 36 01 01 64 00 00 02 00 00 00 00 00
            """
        ),
        // Supported events, and occurrences.
        sealed("84 88 00 00 00 00 00 00 02 00 0b 00 05 03 06 80 03 09 00"),
        sealed("84 88 00 00 00 00 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e"),
        // 16 bytes of data.
        sealed("84 88 00 00 00 00 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"),
        // Namespace descriptors, padded by nothing.
        sealed(
            """
            84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            01 08 00 00 00 11 22 33 44 55 66 77 04 01 00 00 00 00 00 00
            """
        ),
        admin(count: 512), admin(count: 564), admin(count: 4096),
    ]

    /// A successful Admin response with data that counts up.
    static func admin(count: Int) -> [UInt8] {
        sealed(
            bytes("84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
                + (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        )
    }
}
