/// What is different for some drives, told by vendor, model and firmware.
public struct DriveRule: Equatable, Sendable {
    /// A key of the configuration with its value as it is written.
    struct Assignment: Equatable, Sendable {
        let key: String
        let value: String
    }

    /// The PCI vendor identifier; nil for any.
    var vendorID: UInt16?
    /// Pattern of the model number; nil for any.
    var model: String?
    /// Pattern of the firmware revision; nil for any.
    var firmware: String?
    /// The settings; their values have been found right.
    var assignments: [Assignment] = []

    /// Drives that are known to need something.
    static let known: [DriveRule] = [
        // Loses a command that comes sooner after an answer; libnvme has the same time for it.
        DriveRule(
            vendorID: 0x144D,
            model: "MZUL2512HCJQ*",
            assignments: [Assignment(key: "minimum-gap-us", value: "1200")]
        )
    ]

    /// The rule in words.
    var description: String {
        let drives = [
            vendorID.map { "vendor-id 0x\(String($0, radix: 16))" }, model.map { "model \($0)" },
            firmware.map { "firmware \($0)" },
        ]
        return drives.compactMap(\.self).joined(separator: ", ") + " has "
            + assignments.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    func fits(_ drive: DriveIdentity) -> Bool {
        vendorID.map { $0 == drive.vendorID } ?? true
            && model.map { Self.matches(drive.model, $0) } ?? true
            && firmware.map { Self.matches(drive.firmware, $0) } ?? true
    }

    func apply(to settings: inout DriveSettings) {
        for assignment in assignments {
            guard case .drive(let apply)? = Setting.named(assignment.key)?.target else { continue }
            _ = apply(assignment.value, &settings)
        }
    }

    /// Whether a text fits a pattern in which `*` stands for any characters and `?` for one.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.unicodeScalars)
        let pattern = Array(pattern.unicodeScalars)
        var (place, wanted) = (0, 0)
        // Where to go on after one more character is given to the last star.
        var retry: (place: Int, wanted: Int)?
        while place < text.count {
            if wanted < pattern.count, pattern[wanted] == "*" {
                wanted += 1
                retry = (place, wanted)
            } else if wanted < pattern.count,
                pattern[wanted] == "?" || pattern[wanted] == text[place]
            {
                place += 1
                wanted += 1
            } else if let star = retry {
                retry = (star.place + 1, star.wanted)
                (place, wanted) = (star.place + 1, star.wanted)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == "*" }
    }
}
