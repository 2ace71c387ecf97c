internal import NVMeMI

/// Set Features.
extension AdminContext {
    func setFeatures() throws(AdminFailure) -> AdminResult {
        let identifier = UInt8(truncatingIfNeeded: dword(10))
        guard let feature = features[identifier] else { throw .invalidField(dword: 10) }
        if drive.lockdown.prohibits(identifier, .feature) {
            throw .failed(.prohibitedByLockdown, location: 40)
        }
        let saves = bits(31...31, of: 10) == 1
        guard feature.isChangeable else { throw .failed(.featureNotChangeable, location: 40) }
        guard !saves || feature.isSaveable && drive.has(.selectFeatures) else {
            throw .failed(.featureNotSaveable, location: 40)
        }
        guard feature.isPerNamespace || command.namespace == 0 || command.namespace == .max else {
            throw .failed(.featureNotNamespaceSpecific, location: 4)
        }
        guard command.data.count >= feature.current.data.count else {
            throw .refused(
                RequestError(
                    status: .invalidCommandInputDataSize,
                    reason: "the feature has \(feature.current.data.count) bytes of data"
                )
            )
        }
        try validate(identifier)
        try set(identifier, feature, saves: saves)
        rememberSetting()
        return AdminResult()
    }

    /// Checks the value where not every value is allowed.
    private func validate(_ identifier: UInt8) throws(AdminFailure) {
        switch identifier {
        case FeatureIdentifier.powerManagement where bits(0...4, of: 11) > 2:
            throw .invalidField(dword: 11)
        case FeatureIdentifier.thermalManagement:
            let (first, second) = (bits(16...31, of: 11), bits(0...15, of: 11))
            let allowed = 273...UInt32(Health.kelvin(drive.description.health.criticalTemperature))
            guard first == 0 || allowed.contains(first) else {
                throw .invalidField(dword: 11, byte: 2)
            }
            guard second == 0 || allowed.contains(second) else { throw .invalidField(dword: 11) }
            guard first == 0 || second == 0 || first < second else {
                throw .invalidField(dword: 11, byte: 2)
            }
        case FeatureIdentifier.commandSetProfile where bits(0...8, of: 11) != 0:
            throw .failed(Self.combinationRejected, location: 44)
        default:
            break
        }
    }

    private func set(
        _ identifier: UInt8,
        _ feature: FeatureState.Feature,
        saves: Bool
    ) throws(AdminFailure) {
        switch identifier {
        case FeatureIdentifier.temperatureThreshold:
            guard drive.controllers[controller].features.setThreshold(dword(11)) else {
                throw .invalidField(dword: 11, byte: 2)
            }
            applyThresholds()
        case FeatureIdentifier.timestamp:
            drive.remember(
                .timestampChange,
                controller: controller,
                features.timestampData(at: now) + littleEndian(UInt64(now))
            )
            drive.controllers[controller].features.setTimestamp(command.data, at: now)
        case FeatureIdentifier.writeProtection:
            try protect()
        case FeatureIdentifier.enhancedControllerMetadata, FeatureIdentifier.controllerMetadata,
            FeatureIdentifier.namespaceMetadata:
            let place = try metadataPlace(identifier)
            guard let action = HostMetadata.Action(rawValue: bits(13...14, of: 11)) else {
                throw .invalidField(dword: 11, byte: 1)
            }
            var metadata = drive.metadata[place] ?? HostMetadata()
            guard metadata.apply(action, command.data) else { throw .failed(.invalidField) }
            drive.metadata[place] = metadata
        default:
            drive.controllers[controller].features.set(
                identifier,
                to: FeatureValue(
                    value: dword(11),
                    data: Array(command.data.prefix(feature.current.data.count))
                ),
                save: saves
            )
        }
    }

    /// The composite temperature's thresholds decide about its critical warning.
    private func applyThresholds() {
        let over = features.threshold(0) ?? 0xFFFF
        let under = features.threshold(0x10_0000) ?? 0
        drive.changeHealth {
            $0.overTemperature = over
            $0.underTemperature = under
        }
    }

    /// Write protection of a namespace: what holds until power is lost, or for ever, cannot be changed.
    private func protect() throws(AdminFailure) {
        var namespace = try featureNamespace()
        let wanted = UInt8(bits(0...2, of: 11))
        guard wanted <= 3 else { throw .invalidField(dword: 11) }
        guard namespace.protectionState < 2 || namespace.protectionState == wanted else {
            throw .failed(.featureNotChangeable, location: 40)
        }
        guard namespace.protectionState != wanted else { return }
        namespace.protectionState = wanted
        drive.namespaces[namespace.identifier] = namespace
        drive.noteChange(ofNamespace: namespace.identifier, controllers: namespace.controllers)
    }

    private func rememberSetting() {
        // The layout says that three dwords of the command follow, and how much of its data.
        let data = command.data.prefix(512)
        var image = ByteImage(size: 4)
        image.put(UInt32(3) | UInt32(data.count) << 16, at: 0)
        for number in [10, 11, 12] { image.append(littleEndian(dword(number))) }
        image.append(Array(data))
        drive.remember(.setFeature, controller: controller, image.bytes)
    }

    private static let combinationRejected = NVMeStatus(codeType: 1, code: 0x2B)
}
