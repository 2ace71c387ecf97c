import NVMeMIClient

/// What is different for some drives, told by vendor, model and firmware.
public struct DriveRule: Equatable, Sendable {
    /// One setting that is different.
    public struct Change: Equatable, Sendable {
        /// The setting's name, for people.
        public let key: String
        /// Its value as it is written.
        public let value: String
        private let assign: @Sendable (inout DriveSettings) -> Void

        /// A setting with its value and what it does.
        public init(
            key: String,
            value: String,
            assign: @escaping @Sendable (inout DriveSettings) -> Void
        ) {
            self.key = key
            self.value = value
            self.assign = assign
        }

        func apply(to settings: inout DriveSettings) { assign(&settings) }

        /// Whether name and value are the same; what they do is then the same too.
        public static func == (left: Change, right: Change) -> Bool {
            left.key == right.key && left.value == right.value
        }
    }

    /// The PCI vendor identifier; nil for any.
    public var vendorID: UInt16?
    /// Pattern of the model number; nil for any.
    public var model: TextPattern?
    /// Pattern of the firmware revision; nil for any.
    public var firmware: TextPattern?
    /// The settings.
    public var changes: [Change]

    /// A rule of its parts.
    public init(
        vendorID: UInt16? = nil,
        model: TextPattern? = nil,
        firmware: TextPattern? = nil,
        changes: [Change] = []
    ) {
        self.vendorID = vendorID
        self.model = model
        self.firmware = firmware
        self.changes = changes
    }

    /// Drives that are known to need something.
    public static let known: [DriveRule] = [
        // Loses a command that comes sooner after an answer; libnvme has the same time for it.
        DriveRule(
            vendorID: 0x144D,
            model: TextPattern("MZUL2512HCJQ*"),
            changes: [
                Change(key: "minimum-gap-us", value: "1200") {
                    $0.session.minimumGap = .microseconds(1200)
                }
            ]
        )
    ]

    /// The rule in words.
    public var description: String {
        let drives = [
            vendorID.map { "vendor-id 0x\(String($0, radix: 16))" },
            model.map { "model \($0.text)" },
            firmware.map { "firmware \($0.text)" },
        ]
        return drives.compactMap(\.self).joined(separator: ", ") + " has "
            + changes.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    func fits(_ drive: DriveIdentity) -> Bool {
        vendorID.map { $0 == drive.vendorID } ?? true
            && model.map { $0.fits(drive.model) } ?? true
            && firmware.map { $0.fits(drive.firmware) } ?? true
    }

    func apply(to settings: inout DriveSettings) {
        for change in changes { change.apply(to: &settings) }
    }
}
