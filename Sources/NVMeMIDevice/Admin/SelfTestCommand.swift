internal import NVMeMI

/// Device Self-test.
extension AdminContext {
    func selfTest() throws(AdminFailure) -> AdminResult {
        let code = SelfTestCode(rawValue: UInt8(bits(0...3, of: 10)))
        let hours = drive.health.powerOnHours(at: now)
        if code == .abort {
            drive.selfTest.finish(outcome: 1, powerOnHours: hours)
            return AdminResult()
        }
        guard let duration = duration(of: code) else { throw .invalidField(dword: 10) }
        let namespace = command.namespace
        guard namespace == 0 || namespace == 0xFFFF_FFFF || drive.namespaces[namespace] != nil
        else { throw .invalidNamespace }
        guard !drive.selfTest.isRunning else { throw .failed(.selfTestInProgress) }
        drive.selfTest.start(
            code: code.rawValue,
            namespace: namespace,
            duration: duration,
            at: now
        )
        return AdminResult()
    }

    /// How long a self-test takes; nil for one that the drive does not have.
    private func duration(of code: SelfTestCode) -> UInt32? {
        switch code {
        case .short: drive.description.shortSelfTestTime
        case .extended: drive.description.extendedSelfTestTime
        case .vendorSpecific where drive.has(.vendor): drive.description.shortSelfTestTime
        case .hostInitiatedRefresh
        where identity.selfTestOptions.contains(.hostInitiatedRefresh):
            drive.description.extendedSelfTestTime
        default: nil
        }
    }
}
