/// What a drive tells that a package can ask for.
public struct FirmwareRecipient: Equatable, Sendable {
    /// PCI vendor identifier.
    public var vendorID: UInt16
    /// PCI device identifier; 0 when it is not known.
    public var deviceID: UInt16
    /// PCI subsystem vendor identifier.
    public var subsystemVendorID: UInt16
    /// PCI subsystem identifier.
    public var subsystemID: UInt16
    /// The model number without padding.
    public var model: String

    /// A drive of its marks.
    public init(
        vendorID: UInt16,
        deviceID: UInt16,
        subsystemVendorID: UInt16,
        subsystemID: UInt16,
        model: String
    ) {
        self.vendorID = vendorID
        self.deviceID = deviceID
        self.subsystemVendorID = subsystemVendorID
        self.subsystemID = subsystemID
        self.model = model
    }
}

extension FirmwarePackage {
    /// The device of the package that a drive is; nil when it is none of them.
    ///
    /// All descriptors that can be compared must be the drive's, and its vendor or its model among them. Others, such
    /// as those that vendors define, say nothing here.
    ///
    /// - Parameter recipient: The drive.
    /// - Returns: The device.
    public func device(for recipient: FirmwareRecipient) -> Device? {
        devices.first { device in
            let verdicts = device.descriptors.compactMap { $0.fits(recipient) }
            return verdicts.contains(where: \.isMark) && verdicts.allSatisfy(\.isRight)
        }
    }

    /// The devices in words, for who has the wrong package.
    public var deviceWords: String {
        let words = devices.map { device in
            device.descriptors.compactMap(\.words).joined(separator: ", ")
        }
        return words.map { $0.isEmpty ? "a device that is not told by PCI or model" : $0 }
            .joined(separator: "; or ")
    }
}

extension FirmwarePackage.Descriptor {
    fileprivate struct Verdict {
        let isRight: Bool
        /// Whether it tells drives apart well enough.
        let isMark: Bool
    }

    /// Whether a drive is as described; nil for what cannot be compared.
    fileprivate func fits(_ recipient: FirmwareRecipient) -> Verdict? {
        switch type {
        case 0x0000: number.map { Verdict(isRight: $0 == recipient.vendorID, isMark: true) }
        case 0x0100: number.map { Verdict(isRight: $0 == recipient.deviceID, isMark: false) }
        case 0x0101:
            number.map { Verdict(isRight: $0 == recipient.subsystemVendorID, isMark: false) }
        case 0x0102: number.map { Verdict(isRight: $0 == recipient.subsystemID, isMark: false) }
        case 0x0106, 0x0107: Verdict(isRight: text == recipient.model, isMark: true)
        default: nil
        }
    }

    fileprivate var words: String? {
        let hexadecimal = number.map { "0x" + String($0, radix: 16) }
        switch type {
        case 0x0000: return hexadecimal.map { "PCI vendor \($0)" }
        case 0x0100: return hexadecimal.map { "PCI device \($0)" }
        case 0x0101: return hexadecimal.map { "PCI subsystem vendor \($0)" }
        case 0x0102: return hexadecimal.map { "PCI subsystem \($0)" }
        case 0x0106, 0x0107: return "model '\(text)'"
        default: return nil
        }
    }

    private var number: UInt16? {
        data.count == 2 ? UInt16(data[0]) | UInt16(data[1]) << 8 : nil
    }

    private var text: String { data.withUnsafeBytes { FixedText.ascii($0) } }
}
