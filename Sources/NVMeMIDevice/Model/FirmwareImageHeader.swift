internal import NVMeMI

/// The first line of an image for simulated drives, which decides what becomes of it.
public struct FirmwareImageHeader: Equatable, Sendable {
    /// What every image begins with; the revision follows, and words behind it.
    static let prefix = "SIMULATED-FIRMWARE "
    /// Bytes that the line has at most.
    private static let longest = 256

    /// What a word in the line means.
    public static let words: [(word: String, documentation: String)] = [
        ("reset=KIND", "what makes it active: none, controller, conventional or subsystem"),
        ("slow", "takes too long to be activated at once (maximum time violation)"),
        ("model=NAME", "the model that it is for, with _ for spaces; others refuse the image"),
        ("broken", "refused when it is committed"),
        ("prohibited", "may not be activated, as one that is older than is allowed"),
        ("overlaps", "committed while another update overlapped with it"),
        ("fails-at=BYTE", "pieces from that byte on fail with an internal error"),
        ("stale", "does not start: after the reset the firmware from before runs"),
    ]

    /// The revision, of 1 to 8 characters.
    public private(set) var revision = ""
    /// The status of a commit that is to activate it; `nil` for the usual.
    private(set) var activation: NVMeStatus?
    private(set) var isSlow = false
    private(set) var model: String?
    private(set) var isBroken = false
    private(set) var isProhibited = false
    private(set) var overlaps = false
    private(set) var failingByte: Int?
    private(set) var isStale = false

    /// Reads the line that an image begins with; `nil` for bytes that are no image.
    init?(_ image: [UInt8]) {
        guard image.starts(with: Self.prefix.utf8) else { return nil }
        let line = image.prefix(Self.longest).dropFirst(Self.prefix.utf8.count)
            .prefix { (0x20...0x7E).contains($0) }
        let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard let name = words.first else { return nil }
        revision = String(name.prefix(8))
        for word in words.dropFirst() { take(word) }
    }

    private mutating func take(_ word: String) {
        let parts = word.split(separator: "=", maxSplits: 1)
        let value = parts.count > 1 ? String(parts[1]) : ""
        switch parts.first {
        case "reset":
            activation =
                switch value {
                case "controller": .firmwareNeedsReset
                case "conventional": .firmwareNeedsConventionalReset
                case "subsystem": .firmwareNeedsSubsystemReset
                default: .success
                }
        case "slow": isSlow = true
        case "model": model = value
        case "broken": isBroken = true
        case "prohibited": isProhibited = true
        case "overlaps": overlaps = true
        case "fails-at": failingByte = Int(value)
        case "stale": isStale = true
        default: break
        }
    }

    /// Whether it is for a model.
    func isFor(model name: String) -> Bool {
        guard let model else { return true }
        return model == name.split(separator: " ").joined(separator: "_")
    }
}
