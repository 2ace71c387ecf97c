internal import NVMeMI

/// Commands of the vendor's, for tests of what has no name: what one is given, the other returns.
extension AdminContext {
    func storeVendorData() -> AdminResult {
        drive.vendorData = command.data
        drive.vendorSetting = command.dword12
        return AdminResult(result: UInt32(clamping: command.data.count))
    }

    func recallVendorData() -> AdminResult {
        AdminResult(data: drive.vendorData, result: drive.vendorSetting)
    }
}
