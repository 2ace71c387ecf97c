/// What an MCTP message carries: the low seven bits of its first byte.
public struct MessageType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number, 0 to 127.
    public let rawValue: UInt8

    /// Wraps a number; its highest bit is not part of the type and is left out.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x7F
    }

    /// The type in the first byte of a message.
    public init(firstByte: UInt8) {
        self.init(rawValue: firstByte)
    }

    /// MCTP's own control protocol.
    public static let control = MessageType(rawValue: 0x00)
    /// Platform Level Data Model.
    public static let platformLevelDataModel = MessageType(rawValue: 0x01)
    /// Network Controller Sideband Interface.
    public static let networkControllerSideband = MessageType(rawValue: 0x02)
    /// Ethernet.
    public static let ethernet = MessageType(rawValue: 0x03)
    /// NVMe Management Interface.
    public static let nvmeManagementInterface = MessageType(rawValue: 0x04)
    /// Security Protocol and Data Model.
    public static let securityProtocolAndDataModel = MessageType(rawValue: 0x05)
    /// Security Protocol and Data Model, encrypted.
    public static let securedMessages = MessageType(rawValue: 0x06)
    /// Vendor defined, the vendor named by its PCI number.
    public static let vendorDefinedPCI = MessageType(rawValue: 0x7E)
    /// Vendor defined, the vendor named by its enterprise number.
    public static let vendorDefinedIANA = MessageType(rawValue: 0x7F)

    /// The first byte of a message of this type.
    ///
    /// - Parameter hasIntegrityCheck: Whether the message ends with an integrity check of its own.
    /// - Returns: The type, with the IC bit in the highest place.
    public func firstByte(hasIntegrityCheck: Bool) -> UInt8 {
        hasIntegrityCheck ? rawValue | 0x80 : rawValue
    }

    /// The number in hexadecimal, such as `04h`.
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return (digits.count < 2 ? "0" : "") + digits + "h"
    }
}
