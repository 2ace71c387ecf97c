internal import NVMeMI

extension AdminContext {
    /// A log page that the drive can have.
    struct LogPage: Sendable {
        let identifier: UInt8
        /// The option that the drive must have for the page; `nil` for a page that needs none.
        var option: OptionalCommand?
        /// The ability that the drive must have for the page; `nil` for a page that needs none.
        var ability: DriveAbility?
        let content: @Sendable (AdminContext) throws(AdminFailure) -> AdminResult

        init(
            _ identifier: UInt8,
            _ option: OptionalCommand? = nil,
            _ ability: DriveAbility? = nil,
            whole content: @escaping @Sendable (AdminContext) throws(AdminFailure) -> [UInt8]
        ) {
            self.init(identifier, ability) { (context) throws(AdminFailure) in
                AdminResult(data: try content(context))
            }
            self.option = option
        }

        init(
            _ identifier: UInt8,
            _ ability: DriveAbility?,
            parts content: @escaping @Sendable (AdminContext) throws(AdminFailure) -> AdminResult
        ) {
            self.identifier = identifier
            self.ability = ability
            self.content = content
        }

        func exists(in drive: Drive) -> Bool {
            (option.map(drive.has) ?? true) && (ability.map(drive.has) ?? true)
        }
    }

    static let logPages: [LogPage] = [
        LogPage(0x00, nil, .supportedLists) { $0.supportedLogPages },
        LogPage(0x01) { $0.errorInformation },
        LogPage(0x02) { (context) throws(AdminFailure) in try context.smartLog() },
        LogPage(0x03) { $0.firmwareSlots },
        LogPage(0x04) { $0.changedNamespaces() },
        LogPage(0x05, nil, .commandEffects) { $0.commandEffects },
        LogPage(0x06, .selfTest) { $0.selfTestResults },
        LogPage(0x07, .telemetry, parts: { $0.hostTelemetry() }),
        LogPage(0x08, .telemetry, parts: { $0.controllerTelemetry() }),
        LogPage(0x09, nil, .enduranceGroups) { (context) throws(AdminFailure) in
            try context.enduranceGroup()
        },
        LogPage(0x0A, nil, .predictableLatency) { (context) throws(AdminFailure) in
            try context.predictableLatency()
        },
        LogPage(0x0B, nil, .predictableLatency) { $0.emptyAggregate },
        LogPage(0x0C, nil, .asymmetricAccess) { $0.asymmetricAccess },
        LogPage(0x0D, nil, .persistentEvents) { (context) throws(AdminFailure) in
            try context.persistentEvents()
        },
        LogPage(0x0E, nil, .lbaStatus) { $0.lbaStatusInformation },
        LogPage(0x0F, nil, .enduranceGroups) { $0.emptyAggregate },
        LogPage(0x10, nil, .domains) { (context) throws(AdminFailure) in try context.mediaUnits() },
        LogPage(0x11, nil, .domains) { (context) throws(AdminFailure) in
            try context.capacityConfigurations()
        },
        LogPage(0x12, nil, .supportedLists) { $0.featureEffects },
        LogPage(0x13, nil, .supportedLists) { $0.managementCommandEffects },
        LogPage(0x14, .lockdown) { (context) throws(AdminFailure) in try context.lockdownList() },
        LogPage(0x15, .bootPartitions, parts: { $0.bootPartition() }),
        LogPage(0x16, nil, .rotational) { (context) throws(AdminFailure) in
            try context.rotationalMedia()
        },
        LogPage(0x17, nil, .dispersed) { (context) throws(AdminFailure) in
            try context.dispersedNamespace()
        },
        LogPage(0x18, nil, .managementAddresses) { $0.managementAddresses },
        LogPage(0x19, nil, .eyeOpening) { (context) throws(AdminFailure) in try context.eyeOpening()
        },
        LogPage(0x1A, nil, .reachability) { $0.reachabilityGroups },
        LogPage(0x1B, nil, .reachability) { $0.reachabilityAssociations },
        LogPage(0x1C, nil, .reachability) { $0.changedAllocatedNamespaces() },
        LogPage(0x20, nil, .dataPlacement) { (context) throws(AdminFailure) in
            try context.placementConfigurations()
        },
        LogPage(0x21, nil, .dataPlacement) { (context) throws(AdminFailure) in
            try context.handleUsage()
        },
        LogPage(0x22, nil, .dataPlacement) { (context) throws(AdminFailure) in
            try context.placementStatistics()
        },
        LogPage(0x23, nil, .dataPlacement) { (context) throws(AdminFailure) in
            try context.placementEvents()
        },
        LogPage(0x70, nil, .discovery) { $0.discoveryLog },
        LogPage(0x71, nil, .discovery) { $0.emptyDiscovery },
        LogPage(0x72, nil, .discovery) { $0.emptyDiscovery },
        LogPage(0x73, nil, .discovery) { $0.pullRequest },
        LogPage(0x80, nil, .reservations) { $0.reservationNotification },
        LogPage(0x81, .sanitize) { (context) throws(AdminFailure) in try context.sanitizeStatus() },
        LogPage(0xBF, nil, .zones) { (context) throws(AdminFailure) in try context.changedZones() },
        LogPage(0xC0, nil, .vendorLog) { $0.vendorLog },
    ]
}
