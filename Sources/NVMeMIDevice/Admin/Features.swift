internal import NVMeMI

/// Get Features and Set Features.
extension AdminContext {
    private var features: FeatureState { drive.controllers[controller].features }

    func getFeatures() throws(AdminFailure) -> AdminResult {
        let identifier = UInt8(truncatingIfNeeded: dword(10))
        guard let feature = features[identifier] else { throw .invalidField(dword: 10) }
        switch bits(8...10, of: 10) {
        case 0: return try current(identifier, feature)
        case 1: return AdminResult(data: feature.standard.data, result: feature.standard.value)
        case 2: return AdminResult(data: feature.saved.data, result: feature.saved.value)
        case 3: return AdminResult(result: feature.capabilities)
        default: throw .invalidField(dword: 10, byte: 1)
        }
    }

    private func current(
        _ identifier: UInt8,
        _ feature: FeatureState.Feature
    ) throws(AdminFailure) -> AdminResult {
        switch identifier {
        case FeatureIdentifier.temperatureThreshold:
            guard let threshold = features.threshold(dword(11)) else {
                throw .invalidField(dword: 11)
            }
            return AdminResult(result: UInt32(threshold))
        case FeatureIdentifier.timestamp:
            return AdminResult(data: features.timestampData(at: now))
        default:
            return AdminResult(data: feature.current.data, result: feature.current.value)
        }
    }

    func setFeatures() throws(AdminFailure) -> AdminResult {
        let identifier = UInt8(truncatingIfNeeded: dword(10))
        guard let feature = features[identifier] else { throw .invalidField(dword: 10) }
        let saves = bits(31...31, of: 10) == 1
        guard feature.isChangeable else { throw .failed(.featureNotChangeable, location: 40) }
        guard !saves || feature.isSaveable else {
            throw .failed(.featureNotSaveable, location: 40)
        }
        guard command.data.count >= feature.current.data.count else {
            throw .refused(
                RequestError(
                    status: .invalidCommandInputDataSize,
                    reason: "the feature has \(feature.current.data.count) bytes of data"
                )
            )
        }
        switch identifier {
        case FeatureIdentifier.temperatureThreshold:
            guard drive.controllers[controller].features.setThreshold(dword(11)) else {
                throw .invalidField(dword: 11)
            }
            applyThresholds()
        case FeatureIdentifier.timestamp:
            drive.controllers[controller].features.setTimestamp(command.data, at: now)
        case FeatureIdentifier.powerManagement where bits(0...4, of: 11) > 2:
            throw .invalidField(dword: 11)
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
        return AdminResult()
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
}
