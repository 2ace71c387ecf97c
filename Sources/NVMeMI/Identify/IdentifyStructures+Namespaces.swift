extension IdentifyStructures {
    /// Namespaces as one of the I/O command sets, or all of them, see them.
    static var namespaces: [IdentifyDeclaration] {
        [
            IdentifyDeclaration(
                0x05,
                "NVMNamespace",
                ioCommandSet: 0,
                selectors: [.namespace, .ioCommandSet]
            ) { nvmNamespace },
            IdentifyDeclaration(
                0x05,
                "ZonedNamespace",
                ioCommandSet: 2,
                selectors: [.namespace, .ioCommandSet]
            ) { zonedNamespace },
            IdentifyDeclaration(
                0x07,
                "ActiveNamespaceListOfCommandSet",
                selectors: [.firstNamespace, .ioCommandSet]
            ) { DataDescription(list: NamespaceList.self) { $0.leftOut } },
            IdentifyDeclaration(0x08, "IndependentNamespace", selectors: .namespace) {
                independentNamespace
            },
            IdentifyDeclaration(
                0x09,
                "NamespaceOfUserDataFormat",
                selectors: .specificIdentifier
            ) { DataDescription(IdentifyNamespace.self) },
            IdentifyDeclaration(
                0x0A,
                "NVMNamespaceOfUserDataFormat",
                ioCommandSet: 0,
                selectors: [.specificIdentifier, .ioCommandSet]
            ) { nvmNamespace },
            IdentifyDeclaration(
                0x1A,
                "AllocatedNamespaceListOfCommandSet",
                selectors: [.firstNamespace, .ioCommandSet]
            ) { DataDescription(list: NamespaceList.self) { $0.leftOut } },
            IdentifyDeclaration(
                0x1B,
                "AllocatedNVMNamespace",
                ioCommandSet: 0,
                selectors: [.namespace, .ioCommandSet]
            ) { nvmNamespace },
            IdentifyDeclaration(
                0x1B,
                "AllocatedZonedNamespace",
                ioCommandSet: 2,
                selectors: [.namespace, .ioCommandSet]
            ) { zonedNamespace },
            IdentifyDeclaration(0x1F, "IndependentAllocatedNamespace", selectors: .namespace) {
                independentNamespace
            },
        ]
    }

    private static var independentNamespace: Record {
        Record("I/O Command Set Independent Namespace", size: 4096) {
            Item(
                "Features",
                at: 0,
                1,
                flags: [
                    (3, "UniqueIdentifiersNeverReused"), (4, "RotationalMedia"),
                    (5, "VolatileWriteCacheNotPresent"),
                ]
            )
            Item("Shareable", at: 1, bit: 0)
            Item("Dispersed", at: 1, bit: 1)
            Item("ReservationCapabilities", at: 2, 1, flags: reservationCapabilities)
            Item("FormatProgressSupported", at: 3, bit: 7)
            Item("FormatRemaining", at: 3, bits: 0...6, .nonZero)
            Item("ANAGroupID", at: 4, 4, .nonZero)
            Item("WriteProtected", at: 8, bit: 0)
            Item("NVMSetID", at: 10, 2, .nonZero)
            Item("EnduranceGroupID", at: 12, 2, .nonZero)
            Item("Ready", at: 14, bit: 0)
            Item("KeyPerIO", at: 15, 1, flags: [(0, "Enabled"), (1, "Supported")])
            Item("MaximumKeyTag", at: 16, 2, .nonZero)
            Item("ReachabilityGroupID", at: 20, 4, .nonZero)
        }
    }

    private static var reservationCapabilities: [(bit: Int, name: String)] {
        [
            (0, "PersistThroughPowerLoss"), (1, "WriteExclusive"), (2, "ExclusiveAccess"),
            (3, "WriteExclusiveRegistrantsOnly"), (4, "ExclusiveAccessRegistrantsOnly"),
            (5, "WriteExclusiveAllRegistrants"), (6, "ExclusiveAccessAllRegistrants"),
            (7, "IgnoreExistingKey"),
        ]
    }

    private static var nvmNamespace: Record {
        let format = Record("Extended LBA Format", size: 4) {
            Item("StorageTagSize", at: 0, bits: 0...6)
            Item(
                "ProtectionInformationFormat",
                at: 0,
                bits: 7...8,
                codes: [0: "16BitGuard", 1: "32BitGuard", 2: "64BitGuard", 3: "Qualified"]
            )
            Item("QualifiedProtectionInformationFormat", at: 0, bits: 9...12, .nonZero)
        }
        return Record("NVM Command Set Namespace", size: 4096) {
            Item("StorageTagMask", at: 0, 8)
            Item(
                "ProtectionInformationCapabilities",
                at: 8,
                1,
                flags: [
                    (0, "16BitGuardStorageTag"), (1, "16BitGuardStorageTagMask"),
                    (2, "StorageTagCheckReadSupported"), (3, "QualifiedFormat"),
                ]
            )
            Item("ProtectionInformationFormatAttributes", at: 9, 1, .nonZero)
            Item("ExtendedLBAFormats", at: 12, rows: format, .fixed(64))
            Item("PreferredDeallocateGranularityLarge", at: 268, 4, .nonZero)
            Item("PreferredReadGranularity", at: 272, 4, .nonZero)
            Item("PreferredReadAlignment", at: 276, 4, .nonZero)
            Item("OptimalReadSize", at: 280, 4, .nonZero)
            Item("PreferredDeallocateAlignmentLarge", at: 284, 4, .nonZero)
            Item("LBAPlacementShardSize", at: 288, 4, .nonZero)
            Item("TrackedLBAAllocationGranularity", at: 292, 4, .nonZero)
        }
    }

    private static var zonedNamespace: Record {
        let format = Record("LBA Format Extension", size: 16) {
            Item("ZoneSize", at: 0, 8)
            Item("ZoneDescriptorExtensionSize", at: 8, 1, .times(64))
        }
        return Record("Zoned Namespace", size: 4096) {
            Item(
                "ZoneOperationCharacteristics",
                at: 0,
                2,
                flags: [(0, "VariableZoneCapacity"), (1, "ZoneActiveExcursions")]
            )
            Item(
                "OptionalCapabilities",
                at: 2,
                2,
                flags: [(0, "ReadAcrossZoneBoundaries"), (1, "ZoneRandomWriteArea")]
            )
            Item("MaximumActiveResources", at: 4, 4, .except(0xFFFF_FFFF))
            Item("MaximumOpenResources", at: 8, 4, .except(0xFFFF_FFFF))
            Item("ResetRecommendedLimit", at: 12, 4, .nonZero)
            Item("FinishRecommendedLimit", at: 16, 4, .nonZero)
            Item("ResetRecommendedLimit1", at: 20, 4, .nonZero)
            Item("ResetRecommendedLimit2", at: 24, 4, .nonZero)
            Item("ResetRecommendedLimit3", at: 28, 4, .nonZero)
            Item("FinishRecommendedLimit1", at: 32, 4, .nonZero)
            Item("FinishRecommendedLimit2", at: 36, 4, .nonZero)
            Item("FinishRecommendedLimit3", at: 40, 4, .nonZero)
            Item("ZoneRandomWriteAreas", at: 44, 4, .nonZero)
            Item("ZoneRandomWriteAreaFlushGranularity", at: 48, 2, .nonZero)
            Item("ZoneRandomWriteAreaSize", at: 50, 2, .nonZero)
            Item("ZoneRandomWriteAreaCapabilities", at: 52, 1, .nonZero)
            Item("LBAFormatExtensions", at: 2816, rows: format, .fixed(64))
            Item("VendorSpecific", at: 3840, bytes: 256)
        }
    }
}
