extension LogPages {
    /// What there is of log pages, commands and features, and what using it changes.
    static var support: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x00, .fixed(1024)) {
                Record("Supported Log Pages", size: 1024) {
                    Item("LogPages", at: 0, table: supportedPage, 256) {
                        LogPageIdentifier(rawValue: $0).name
                    }
                }
            },
            LogPageDeclaration(0x05, .fixed(4096), selectors: .ioCommandSet) {
                Record("Commands Supported and Effects", size: 4096) {
                    Item("AdminCommands", at: 0, table: commandEffects, 256) {
                        AdminOpcode(rawValue: $0).name
                    }
                    Item("IOCommands", at: 1024, table: commandEffects, 256) {
                        ioCommands[code: $0]
                    }
                }
            },
            LogPageDeclaration(0x12, .fixed(1024)) {
                Record("Feature Identifiers Supported and Effects", size: 1024) {
                    Item("Features", at: 0, table: featureEffects, 256) {
                        FeatureIdentifier(rawValue: $0).name
                    }
                }
            },
            LogPageDeclaration(0x13, .fixed(4096)) {
                Record("NVMe-MI Commands Supported and Effects", size: 4096, minimum: 1024) {
                    Item("Commands", at: 0, table: managementEffects, 256) {
                        CommandDeclaration.find(category: .managementInterface, opcode: $0)?.name
                    }
                }
            },
            LogPageDeclaration(
                0x14,
                .fixed(512),
                specificFields: [
                    LogPageSpecificField(0x00, "SupportedAdminCommands"),
                    LogPageSpecificField(0x10, "ProhibitedAdminCommands"),
                    LogPageSpecificField(0x20, "AdminCommandsProhibitedOutOfBand"),
                    LogPageSpecificField(0x02, "SupportedFeatures"),
                    LogPageSpecificField(0x12, "ProhibitedFeatures"),
                    LogPageSpecificField(0x22, "FeaturesProhibitedOutOfBand"),
                    LogPageSpecificField(0x03, "SupportedManagementCommands"),
                    LogPageSpecificField(0x13, "ProhibitedManagementCommands"),
                    LogPageSpecificField(0x23, "ManagementCommandsProhibitedOutOfBand"),
                    LogPageSpecificField(0x04, "SupportedPCIeCommands"),
                    LogPageSpecificField(0x14, "ProhibitedPCIeCommands"),
                    LogPageSpecificField(0x24, "PCIeCommandsProhibitedOutOfBand"),
                ]
            ) {
                Record("Command and Feature Lockdown", size: 512) {
                    Item(
                        "Scope",
                        at: 0,
                        bits: 0...3,
                        codes: [
                            0: "AdminCommands", 2: "Features", 3: "ManagementCommands",
                            4: "PCIeCommands",
                        ]
                    )
                    Item(
                        "Contents",
                        at: 0,
                        bits: 4...5,
                        codes: [0: "Supported", 1: "Prohibited", 2: "ProhibitedOutOfBand"]
                    )
                    Item("Identifiers", at: 4, numbers: 1, .told(at: 3, 1))
                }
            },
        ]
    }

    private static var supportedPage: Record {
        Record("Supported Log Page", size: 4) {
            Item("IndexOffset", at: 0, bit: 1)
            Item("Specific", at: 2, 2, .nonZero)
        }
    }

    private static var commandEffects: Record {
        Record("Command Effects", size: 4) {
            Item("Changes", at: 0, bits: 1...4, flags: changes(of: "LogicalBlockContent"))
            Item("SubmissionRelaxations", at: 0, bits: 14...15, .nonZero)
            Item("SubmissionRestrictions", at: 0, bits: 16...18, .nonZero)
            Item("UUIDSelection", at: 0, bit: 19)
            Item("Scope", at: 0, bits: 20...31, flags: scope)
        }
    }

    private static var featureEffects: Record {
        Record("Feature Effects", size: 4) {
            Item("Changes", at: 0, bits: 1...4, flags: changes(of: "UserDataContent"))
            Item("UUIDSelection", at: 0, bit: 19)
            Item("Scope", at: 0, bits: 20...31, flags: scope)
        }
    }

    private static var managementEffects: Record {
        Record("Management Command Effects", size: 4) {
            Item("Changes", at: 0, bits: 1...4, flags: changes(of: "UserDataContent"))
            Item("Scope", at: 0, bits: 20...31, flags: scope)
        }
    }

    private static func changes(of content: String) -> [(bit: Int, name: String)] {
        [
            (0, content), (1, "NamespaceCapability"), (2, "NamespaceInventory"),
            (3, "ControllerCapability"),
        ]
    }

    private static var scope: [(bit: Int, name: String)] {
        [
            (0, "Namespace"), (1, "Controller"), (2, "NVMSet"), (3, "EnduranceGroup"),
            (4, "Domain"), (5, "NVMSubsystem"), (6, "ControllerDataQueue"),
            (7, "ReclaimUnitHandle"),
        ]
    }

    /// Commands of the NVM and the Zoned Namespace command set.
    private static var ioCommands: KeyValuePairs<UInt8, String> {
        [
            0x00: "Flush", 0x01: "Write", 0x02: "Read", 0x04: "Write Uncorrectable",
            0x05: "Compare", 0x08: "Write Zeroes", 0x09: "Dataset Management", 0x0C: "Verify",
            0x0D: "Reservation Register", 0x0E: "Reservation Report",
            0x11: "Reservation Acquire", 0x12: "I/O Management Receive",
            0x15: "Reservation Release", 0x18: "Cancel", 0x19: "Copy",
            0x1D: "I/O Management Send", 0x79: "Zone Management Send",
            0x7A: "Zone Management Receive", 0x7D: "Zone Append",
        ]
    }
}
