extension LogPages {
    /// Where subsystems, hosts and those who manage them are to be found.
    static var discovery: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x18, .fixed(4096)) {
                // (unverified)
                let address = Record("Management Address Descriptor", size: 512) {
                    Item(
                        "Type",
                        at: 0,
                        codes: [1: "NVMSubsystemManagementAgent", 2: "FabricInterfaceManager"]
                    )
                    Item("Address", at: 4, utf8: 508)
                }
                return Record("Management Address List", size: 4096) {
                    Item(
                        "Addresses",
                        at: 0,
                        rows: address,
                        .fixed(8),
                        where: { $0.number(at: 0, 1) != 0 }
                    )
                }
            },
            LogPageDeclaration(
                0x70,
                .told(1024) { 1024 + 1024 * min($0.number(at: 8, 8), 1 << 20) },
                specificFields: [
                    LogPageSpecificField(1, "ExtendedEntries"),
                    LogPageSpecificField(2, "PortLocalEntriesOnly"),
                    LogPageSpecificField(4, "AllSubsystems"),
                ],
                changeCounter: 0..<8
            ) {
                Record("Discovery", size: 1024) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("RecordFormat", at: 16, 2)
                    Item("Entries", at: 1024, rows: discoveryEntry, .told(at: 8, 8))
                }
            },
            LogPageDeclaration(
                0x71,
                .told(1024) { max(1024, $0.number(at: 20, 4)) },
                specificFields: [LogPageSpecificField(1, "AllHosts")],
                changeCounter: 0..<8
            ) {
                Record("Host Discovery", size: 1024) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("RecordFormat", at: 16, 2)
                    Item("AllHosts", at: 18, bit: 0)
                    Item("TotalLength", at: 20, 4)
                    Item("Hosts", at: 1024, rows: hostEntry, .told(at: 8, 8)) { row, _ in
                        row.int(at: 1024, 4)
                    }
                }
            },
            LogPageDeclaration(
                0x72,
                .told(1024) { max(1024, $0.number(at: 20, 4)) },
                changeCounter: 0..<8
            ) {
                let transport = Record("AVE Transport Record", size: 20) {
                    Item("AddressFamily", at: 0, codes: addressFamilies)
                    Item("Service", at: 2, 2)
                    Item("Address", at: 4, bytes: 16)
                }
                let entry = Record("AVE Discovery Log Page Entry", size: 232) {
                    Item("TotalLength", at: 0, 4)
                    Item("NQN", at: 4, utf8: 224)
                    Item("Transports", at: 232, rows: transport, .told(at: 228, 1))
                }
                return Record("AVE Discovery", size: 1024) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("RecordFormat", at: 16, 2)
                    Item("TotalLength", at: 20, 4)
                    Item("Entries", at: 1024, rows: entry, .told(at: 8, 8)) { row, _ in
                        row.int(at: 0, 4)
                    }
                }
            },
            LogPageDeclaration(0x73, .told(16) { max(16, $0.number(at: 4, 4)) }) {
                // (unverified)
                Record("Pull Model DDC Request", size: 16) {
                    Item("OperationRequest", at: 0, 1)
                    Item("TotalLength", at: 4, 4)
                    Item("Parameters", at: 16, bytes: .toEnd)
                }
            },
        ]
    }

    /// Kinds of transports.
    static var transports: KeyValuePairs<UInt8, String> {
        [0: "PCIe", 1: "RDMA", 2: "FibreChannel", 3: "TCP", 254: "Loopback"]
    }

    /// Kinds of addresses.
    static var addressFamilies: KeyValuePairs<UInt8, String> {
        [0: "PCIe", 1: "IPv4", 2: "IPv6", 3: "InfiniBand", 4: "FibreChannel", 254: "Loopback"]
    }

    private static var discoveryEntry: Record {
        Record("Discovery Log Page Entry", size: 1024) {
            Item("TransportType", at: 0, codes: transports)
            Item("AddressFamily", at: 1, codes: addressFamilies)
            Item(
                "SubsystemType",
                at: 2,
                codes: [1: "Referral", 2: "NVMSubsystem", 3: "CurrentDiscoverySubsystem"]
            )
            Item(
                "SecureChannel",
                at: 3,
                bits: 0...1,
                codes: [0: "NotSpecified", 1: "Required", 2: "NotRequired"]
            )
            Item("FlowControlDisable", at: 3, bit: 2)
            Item("PortID", at: 4, 2)
            Item("ControllerID", at: 6, 2)
            Item("AdminMaximumQueueSize", at: 8, 2)
            Item("Flags", at: 10, 2)
            Item("Service", at: 32, ascii: 32)
            Item("SubsystemNQN", at: 256, utf8: 256)
            Item("Address", at: 512, ascii: 256)
            Item("TransportSpecific", at: 768, bytes: 256)
        }
    }

    private static var hostEntry: Record {
        Record("Host Extended Discovery Log Page Entry", size: 1032) {
            Item("TransportType", at: 0, codes: transports)
            Item("AddressFamily", at: 1, codes: addressFamilies)
            Item("Flags", at: 10, 2)
            Item("HostNQN", at: 256, utf8: 256)
            Item("Address", at: 512, ascii: 256)
            Item("TransportSpecific", at: 768, bytes: 256)
            Item("TotalLength", at: 1024, 4)
            Item("ExtendedAttributeCount", at: 1028, 2)
            Item("ExtendedAttributes", at: 1032, bytes: .toEnd)
        }
    }
}
