extension IdentifyStructures {
    /// What the subsystem consists of.
    static var subsystem: [IdentifyDeclaration] {
        [
            IdentifyDeclaration(0x04, "NVMSetList", selectors: .specificIdentifier) {
                let set = Record("NVM Set Attributes", size: 128) {
                    Item("NVMSetID", at: 0, 2)
                    Item("EnduranceGroupID", at: 2, 2)
                    Item("Random4KReadTypical", at: 8, 4, .nonZero)
                    Item("OptimalWriteSize", at: 12, 4, .nonZero)
                    Item("TotalCapacity", at: 16, 16)
                    Item("UnallocatedCapacity", at: 32, 16)
                }
                return Record("NVM Set List", size: 128) {
                    Item("NVMSets", at: 128, rows: set, .told(at: 0, 1, limit: 31))
                }
            },
            IdentifyDeclaration(0x16, "NamespaceGranularityList") {
                let granularity = Record("Namespace Granularity Descriptor", size: 16) {
                    Item("SizeGranularity", at: 0, 8)
                    Item("CapacityGranularity", at: 8, 8)
                }
                return Record("Namespace Granularity List", size: 32) {
                    Item("CorrespondsToFormats", at: 0, bit: 0)
                    Item(
                        "Granularities",
                        at: 32,
                        rows: granularity,
                        .told(at: 4, 1, plus: 1, limit: 16)
                    )
                }
            },
            IdentifyDeclaration(0x17, "UUIDList") {
                let entry = Record("UUID List Entry", size: 32) {
                    Item(
                        "Association",
                        at: 0,
                        bits: 0...1,
                        codes: [0: "None", 1: "Vendor", 2: "SubsystemVendor"]
                    )
                    Item("UUID", at: 16, digits: 16)
                }
                return Record("UUID List", size: 32) {
                    Item(
                        "UUIDs",
                        at: 32,
                        rows: entry,
                        .fixed(127),
                        where: { !$0.bytes(at: 16, 16).allSatisfy { $0 == 0 } }
                    )
                }
            },
            IdentifyDeclaration(0x18, "DomainList", selectors: .specificIdentifier) {
                let domain = Record("Domain Attributes", size: 128) {
                    Item("DomainID", at: 0, 2)
                    Item("TotalCapacity", at: 16, 16)
                    Item("UnallocatedCapacity", at: 32, 16)
                    Item("MaximumEnduranceGroupCapacity", at: 48, 16)
                }
                return Record("Domain List", size: 128) {
                    Item("Domains", at: 128, rows: domain, .told(at: 0, 1, limit: 31))
                }
            },
            IdentifyDeclaration(0x19, "EnduranceGroupList", selectors: .specificIdentifier) {
                Record("Endurance Group List", size: 2) {
                    Item("EnduranceGroups", at: 2, numbers: 2, .told(at: 0, 2, limit: 2047))
                }
            },
            IdentifyDeclaration(0x1C, "IOCommandSetCombinations", selectors: .firstController) {
                Record("I/O Command Set Combinations", size: 4096, minimum: 8) {
                    Item("Combinations", at: 0, numbers: 8, .untilZero)
                }
            },
            IdentifyDeclaration(0x1D, "UnderlyingNamespaceList", selectors: .specificIdentifier) {
                // 320 bytes with the index at their end, as the common tools have it (unverified).
                let entry = Record("Underlying Namespace Entry", size: 320) {
                    Item("SubsystemNQN", at: 0, utf8: 256)
                    Item("NamespaceID", at: 256, 4)
                    Item("ControllerID", at: 260, 2)
                    Item("Index", at: 318, 2)
                }
                return Record("Underlying Namespace List", size: 16) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("Namespaces", at: 16, rows: entry, .told(at: 8, 2))
                }
            },
            IdentifyDeclaration(0x1E, "PortsList", selectors: .specificIdentifier) {
                let entry = Record("Underlying Fabrics Transport Entry", size: 576) {
                    Item("Address", at: 0, ascii: 256)
                    Item("TransportSpecific", at: 256, bytes: 256)
                    Item("PortID", at: 512, 2)
                    Item("TransportType", at: 514, codes: LogPages.transports)
                    Item("AddressFamily", at: 515, codes: LogPages.addressFamilies)
                    Item("Requirements", at: 516, 1)
                }
                return Record("Ports List", size: 16) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("Ports", at: 16, rows: entry, .told(at: 8, 2))
                }
            },
        ]
    }
}
