internal import NVMeMI

/// Sanitize.
extension AdminContext {
    func sanitize() throws(AdminFailure) -> AdminResult {
        guard drive.sanitize.status != .inProgress,
            !drive.namespaces.namespaces.contains(where: { $0.sanitize.status == .inProgress })
        else { throw .failed(.sanitizeInProgress) }
        guard !drive.format.isRunning else { throw .failed(.formatInProgress) }
        let action = SanitizeAction(rawValue: UInt8(bits(0...2, of: 10)))
        switch action {
        case .exitFailureMode:
            // Out of a restricted operation's failure only a successful operation leads.
            guard !drive.sanitize.isInFailureMode || drive.sanitize.isUnrestricted else {
                throw .failed(.sanitizeFailed)
            }
            drive.sanitize.exitFailure()
        case .blockErase, .overwrite, .cryptoErase:
            try requireSanitizing(by: action)
            drive.selfTest.finish(outcome: 9, powerOnHours: drive.health.powerOnHours(at: now))
            rememberSanitize()
            drive.sanitize.begin(
                command: dword(10),
                duration: drive.description.sanitizeTime,
                at: now
            )
        default:
            throw .invalidField(dword: 10)
        }
        drive.onChange?()
        return AdminResult()
    }

    func sanitizeNamespace() throws(AdminFailure) -> AdminResult {
        guard var namespace = drive.namespaces[command.namespace], isActive(namespace) else {
            throw .invalidNamespace
        }
        guard !namespace.isWriteProtected else { throw .failed(.namespaceWriteProtected) }
        let state = namespace.sanitize
        guard state.status != .inProgress else { throw .failed(.sanitizeInProgress) }
        let isUnrestricted = bits(3...3, of: 10) == 1
        switch SanitizeAction(rawValue: UInt8(bits(0...2, of: 10))) {
        case .exitFailureMode:
            guard !state.isInFailureMode || state.isUnrestricted else {
                throw .failed(.sanitizeFailed)
            }
            namespace.sanitize.exitFailure()
        case .cryptoErase where identity.sanitizeCapabilities.contains(.cryptoErase):
            if state.isInFailureMode, isUnrestricted, !state.isUnrestricted {
                throw .failed(.sanitizeFailed)
            }
            if drive.firmware.next != nil { throw .failed(.firmwareNeedsReset) }
            namespace.sanitize.failsNext = drive.sanitize.failsNext
            drive.sanitize.failsNext = false
            rememberSanitize()
            namespace.sanitize.begin(
                command: dword(10),
                duration: drive.description.sanitizeTime,
                at: now
            )
        default:
            throw .invalidField(dword: 10)
        }
        drive.namespaces[command.namespace] = namespace
        drive.onChange?()
        return AdminResult()
    }

    /// Refuses a way of sanitizing that the drive does not have, or not in the state that it is in.
    private func requireSanitizing(by action: SanitizeAction) throws(AdminFailure) {
        let capabilities = identity.sanitizeCapabilities
        let isSupported =
            switch action {
            case .blockErase: capabilities.contains(.blockErase)
            case .overwrite: capabilities.contains(.overwrite)
            default: capabilities.contains(.cryptoErase)
            }
        guard isSupported else { throw .invalidField(dword: 10) }
        let isUnrestricted = bits(3...3, of: 10) == 1
        let preventsDeallocation = bits(9...9, of: 10) == 1
        if preventsDeallocation, capabilities.contains(.noDeallocateInhibited) {
            throw .invalidField(dword: 10, byte: 1)
        }
        if drive.sanitize.isInFailureMode, isUnrestricted, !drive.sanitize.isUnrestricted {
            throw .failed(.sanitizeFailed)
        }
        if drive.firmware.next != nil { throw .failed(.firmwareNeedsReset) }
    }

    private func rememberSanitize() {
        var image = ByteImage(size: 12)
        image.put(identity.sanitizeCapabilities.rawValue, at: 0)
        image.put(dword(10), at: 4)
        image.put(dword(11), at: 8)
        drive.remember(.sanitizeStart, controller: controller, image.bytes)
    }
}
