extension LogPages {
    /// What NVMe 2.2 and later add: personalities, controllers that reset each other, lost hosts.
    static var personality: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x1D, .told(8) { max(8, $0.number(at: 4, 2)) }) {
                let properties = Record("Personality Properties", size: 5) {
                    Item("Size", at: 0, 1)
                    Item(
                        "Personality",
                        at: 1,
                        codes: [
                            0: "ManufacturingDefault", 1: "Security", 2: "LockdownPersistence",
                            3: "RevertToManufacturingSettings", 255: "All",
                        ]
                    )
                    Item(
                        "MinimumReset",
                        at: 2,
                        codes: [
                            0: "None", 1: "Controller", 2: "ControllerOtherThanByReset",
                            3: "NVMSubsystem", 4: "PowerCycle",
                        ]
                    )
                    Item("UnfreezeSupport", at: 3, 1, flags: [(0, "Physical"), (1, "Key")])
                    Item("ChangesUserData", at: 4, bit: 0)
                }
                return Record("Device Personality", size: 6) {
                    Item("Version", at: 2, 1)
                    Item("HeaderLength", at: 3, 1)
                    Item("Size", at: 4, 2)
                    Item("Personalities", at: 6, rows: properties, .told(at: 0, 2, plus: 1)) {
                        row,
                        _ in row.int(at: 0, 1)
                    }
                }
            },
            // Layouts of the next two are from secondary sources (unverified).
            LogPageDeclaration(0x1E, .told(8) { entries($0) }) {
                let entry = Record("Cross-Controller Reset Entry", size: 8) {
                    Item("ImpactedControllerID", at: 0, 2)
                    Item("ControllerInstanceUniquifier", at: 2, 1)
                    Item("AssociatedControllerID", at: 4, 2)
                    Item("Status", at: 6, 1)
                    Item("Flags", at: 7, 1)
                }
                return Record("Cross-Controller Reset", size: 8) {
                    Item("Entries", at: 8, rows: entry, .told(at: 0, 2))
                }
            },
            LogPageDeclaration(0x1F, .told(8) { entries($0) }) {
                let entry = Record("Lost Host Communication Entry", size: 8) {
                    Item("ControllerID", at: 0, 2)
                    Item("LossCount", at: 2, 1)
                    Item("ControllerInstanceUniquifier", at: 3, 1)
                }
                return Record("Lost Host Communication", size: 8) {
                    Item("Entries", at: 8, rows: entry, .told(at: 0, 2))
                }
            },
            LogPageDeclaration(0x24, .fixed(2)) {
                Record("Manufacturing Default", size: 2) {
                    Item("Version", at: 0, 1)
                    Item(
                        "DefaultConfiguration",
                        at: 1,
                        1,
                        flags: [(0, "NVMSubsystem"), (1, "Namespaces"), (2, "Capacity")]
                    )
                }
            },
        ]
    }

    /// The length of a header of 8 bytes and as many entries of 8.
    private static func entries(_ page: RecordView) -> UInt64 { 8 + 8 * page.number(at: 0, 2) }
}
