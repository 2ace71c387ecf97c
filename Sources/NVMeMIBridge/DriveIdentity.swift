import NVMeMI

/// What the rules for drives go by.
struct DriveIdentity: Equatable, Sendable {
    var vendorID: UInt16
    var model: String
    var serialNumber: String
    var firmware: String

    init(_ controller: IdentifyController) {
        vendorID = controller.vendorID
        model = controller.modelNumber
        serialNumber = controller.serialNumber
        firmware = controller.firmwareRevision
    }

    /// Whether it is the same drive, perhaps with another firmware.
    func isSameDrive(as other: DriveIdentity) -> Bool {
        vendorID == other.vendorID && model == other.model && serialNumber == other.serialNumber
    }
}
