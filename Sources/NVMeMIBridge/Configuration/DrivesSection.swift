import NVMeMIDrives

/// `[drives]`: settings for some drives only.
struct DrivesSection: ConfigurationSection {
    static let header = "[drives]"

    private var drives = DriveRule()

    /// Takes over a line; returns what is wrong with it.
    mutating func assign(_ key: String, _ value: String) -> String? {
        switch key {
        case "vendor-id":
            guard let number = Self.vendorID(value) else {
                return "'\(value)' is not a value of 'vendor-id', which takes a PCI vendor "
                    + "identifier such as 0x144d"
            }
            drives.vendorID = number
        case "model", "firmware":
            guard !value.isEmpty else {
                return
                    "'\(key)' is empty, which no drive fits; it takes a text in which * stands for "
                    + "any characters and ? for one"
            }
            if key == "model" {
                drives.model = TextPattern(value)
            } else {
                drives.firmware = TextPattern(value)
            }
        default:
            let setting = Setting.named(key)
            if case .bridge? = setting?.target {
                return "'\(key)' is not for some drives only; it stands before the first "
                    + Self.header
            }
            guard let setting, case .drive(let apply) = setting.target else {
                return ConfigurationFile.unknown(
                    key,
                    "the keys of \(Self.header) are",
                    ["vendor-id", "model", "firmware"] + Setting.ofDrives.map(\.key)
                )
            }
            var trial = DriveSettings()
            guard apply(value, &trial) else { return setting.refusal(of: value) }
            drives.changes.append(
                .init(key: key, value: value) { _ = apply(value, &$0) }
            )
        }
        return nil
    }

    func finish(_ settings: inout BridgeSettings) -> String? {
        guard drives.vendorID != nil || drives.model != nil || drives.firmware != nil else {
            return "\(Self.header) does not say which drives; it needs vendor-id, model "
                + "or firmware"
        }
        settings.fleet.driveRules.append(drives)
        return nil
    }

    private static func vendorID(_ text: String) -> UInt16? {
        text.lowercased().hasPrefix("0x")
            ? UInt16(text.dropFirst(2), radix: 16) : UInt16(text)
    }

    static var sample: String {
        let keys = Setting.ofDrives.map { "#   " + $0.key }.joined(separator: "\n")
        let known = DriveRule.known.map(\.description).joined(separator: "; ")
        return """
            # Settings for some drives only, after those for all. A section holds for drives whose first
            # controller has the vendor-id (of PCI, as 0x1234 or decimal), the model and the firmware that
            # the section names, one of them at least; in the latter two * stands for any characters and ?
            # for one, and case counts. Of several sections that fit, the later ones win. Until a drive has
            # been identified, it is treated as any other, but not made faster if a section says something
            # of that. Keys that a section can have:
            \(keys)
            # Known without a section, unless one says otherwise:
            #   \(known)
            # An example:
            #   [drives]
            #   vendor-id = 0x1234
            #   model = EXAMPLE*
            #   firmware = 1.?
            #   minimum-gap-us = 1200

            """
    }
}
