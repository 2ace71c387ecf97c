internal import NVMeMI

/// Get Features.
extension AdminContext {
    var features: FeatureState { drive.controllers[controller].features }

    /// Which values of a feature Get Features is asked for.
    private enum Selection: UInt32 {
        case current = 0
        case standard = 1
        case saved = 2
        case capabilities = 3
    }

    func getFeatures() throws(AdminFailure) -> AdminResult {
        let identifier = UInt8(truncatingIfNeeded: dword(10))
        guard let feature = features[identifier] else { throw .invalidField(dword: 10) }
        guard let selection = Selection(rawValue: bits(8...10, of: 10)),
            selection == .current || drive.has(.selectFeatures)
        else { throw .invalidField(dword: 10, byte: 1) }
        switch selection {
        case .capabilities: return AdminResult(result: feature.capabilities)
        case .current: return try current(identifier, feature)
        case .standard, .saved:
            if identifier == FeatureIdentifier.temperatureThreshold {
                // Thresholds are not saved: what comes after a reset is the standard.
                return AdminResult(result: UInt32(try threshold(isStandard: true)))
            }
            let value = selection == .standard ? feature.standard : feature.saved
            return AdminResult(data: value.data, result: value.value)
        }
    }

    private func threshold(isStandard: Bool) throws(AdminFailure) -> UInt16 {
        guard let threshold = features.threshold(dword(11), isStandard: isStandard) else {
            throw .invalidField(dword: 11, byte: 2)
        }
        return threshold
    }

    private func current(
        _ identifier: UInt8,
        _ feature: FeatureState.Feature
    ) throws(AdminFailure) -> AdminResult {
        switch identifier {
        case FeatureIdentifier.temperatureThreshold:
            return AdminResult(result: UInt32(try threshold(isStandard: false)))
        case FeatureIdentifier.timestamp:
            return AdminResult(data: features.timestampData(at: now))
        case FeatureIdentifier.writeProtection:
            return AdminResult(result: UInt32(try featureNamespace().protectionState))
        case FeatureIdentifier.enhancedControllerMetadata, FeatureIdentifier.controllerMetadata,
            FeatureIdentifier.namespaceMetadata:
            return AdminResult(
                data: (drive.metadata[try metadataPlace(identifier)] ?? HostMetadata()).data
            )
        default:
            return AdminResult(data: feature.current.data, result: feature.current.value)
        }
    }

    /// The namespace whose feature is meant.
    func featureNamespace() throws(AdminFailure) -> NamespaceState {
        guard let namespace = drive.namespaces[command.namespace], isActive(namespace) else {
            throw .invalidNamespace
        }
        return namespace
    }

    /// Where a feature's metadata is kept.
    func metadataPlace(_ identifier: UInt8) throws(AdminFailure) -> Drive.MetadataPlace {
        Drive.MetadataPlace(
            feature: identifier,
            controller: identifier == FeatureIdentifier.namespaceMetadata
                ? 0 : controllerIdentifier,
            namespace: identifier == FeatureIdentifier.namespaceMetadata
                ? try featureNamespace().identifier : 0
        )
    }
}
