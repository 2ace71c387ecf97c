extension LogPages {
    /// What changed of namespaces, and the ways to them.
    static var namespaces: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x04, .fixed(4096)) { changedNamespaces },
            LogPageDeclaration(
                0x0C,
                .told(16) { grouped($0) },
                specificFields: [LogPageSpecificField(1, "GroupsOnly")],
                changeCounter: 0..<8
            ) {
                let group = Record("ANA Group Descriptor", size: 32) {
                    Item("GroupID", at: 0, 4)
                    Item("ChangeCount", at: 8, 8)
                    Item(
                        "State",
                        at: 16,
                        bits: 0...3,
                        codes: [
                            1: "Optimized", 2: "NonOptimized", 3: "Inaccessible",
                            4: "PersistentLoss", 15: "Change",
                        ]
                    )
                    Item("Namespaces", at: 32, numbers: 4, .told(at: 4, 4))
                }
                return Record("Asymmetric Namespace Access", size: 16) {
                    Item("ChangeCount", at: 0, 8)
                    Item("Groups", at: 16, rows: group, .told(at: 8, 2)) { row, _ in
                        32 + 4 * row.int(at: 4, 4)
                    }
                }
            },
            LogPageDeclaration(
                0x17,
                .told(256) { 256 + min($0.number(at: 8, 8), 1 << 24) * 256 },
                selectors: .namespace,
                changeCounter: 0..<8
            ) {
                let participant = Record("Participating NVM Subsystem", size: 256) {
                    Item("SubsystemNQN", at: 0, utf8: 256)
                }
                return Record("Dispersed Namespace Participating NVM Subsystems", size: 256) {
                    Item("GenerationCounter", at: 0, 8)
                    Item("Subsystems", at: 256, rows: participant, .told(at: 8, 8))
                }
            },
            LogPageDeclaration(
                0x1A,
                .told(16) { grouped($0) },
                specificFields: [LogPageSpecificField(1, "GroupsOnly")],
                changeCounter: 0..<8
            ) {
                let group = Record("Reachability Group Descriptor", size: 32) {
                    Item("GroupID", at: 0, 4)
                    Item("ChangeCount", at: 8, 8)
                    Item("Namespaces", at: 32, numbers: 4, .told(at: 4, 4))
                }
                return Record("Reachability Groups", size: 16) {
                    Item("ChangeCount", at: 0, 8)
                    Item("Groups", at: 16, rows: group, .told(at: 8, 2)) { row, _ in
                        32 + 4 * row.int(at: 4, 4)
                    }
                }
            },
            LogPageDeclaration(
                0x1B,
                .told(16) { grouped($0) },
                specificFields: [LogPageSpecificField(1, "AssociationsOnly")],
                changeCounter: 0..<8
            ) {
                let association = Record("Reachability Association Descriptor", size: 32) {
                    Item("AssociationID", at: 0, 4)
                    Item("ChangeCount", at: 8, 8)
                    Item("Characteristics", at: 16, 1)
                    Item("Groups", at: 32, numbers: 4, .told(at: 4, 4))
                }
                return Record("Reachability Associations", size: 16) {
                    Item("ChangeCount", at: 0, 8)
                    Item("Associations", at: 16, rows: association, .told(at: 8, 2)) { row, _ in
                        32 + 4 * row.int(at: 4, 4)
                    }
                }
            },
            LogPageDeclaration(0x1C, .fixed(4096)) { changedNamespaces },
            LogPageDeclaration(0x80, .fixed(64)) {
                Record("Reservation Notification", size: 64) {
                    Item("PageCount", at: 0, 8)
                    Item(
                        "Type",
                        at: 8,
                        codes: [
                            0: "Empty", 1: "RegistrationPreempted", 2: "ReservationReleased",
                            3: "ReservationPreempted",
                        ]
                    )
                    Item("AvailablePages", at: 9, 1)
                    Item("NamespaceID", at: 12, 4)
                }
            },
            LogPageDeclaration(0xBF, .fixed(4096), selectors: .namespace) {
                Record("Changed Zone List", size: 4096) {
                    Item(derived: "Overflow") { .boolean($0.number(at: 0, 2) == 0xFFFF) }
                    Item("Zones", at: 8, numbers: 8, .told(at: 0, 2, limit: 511))
                }
            },
        ]
    }

    /// Up to 1024 identifiers that end with 0; the first is FFFFFFFFh when more changed.
    private static var changedNamespaces: Record {
        Record("Changed Namespace List", size: 4096) {
            Item(derived: "Overflow") { .boolean($0.number(at: 0, 4) == 0xFFFF_FFFF) }
            Item("Namespaces", at: 0, numbers: 4, .untilZero)
        }
    }

    /// The length of a page of groups with 32 bytes and a list of identifiers each.
    private static func grouped(_ page: RecordView) -> UInt64 {
        var place: UInt64 = 16
        let count = page.number(at: 8, 2)
        for index in 0..<count {
            // How many identifiers a group has is not known before it is read.
            guard place + 32 <= UInt64(page.count) else { return place + 32 * (count - index) }
            place += 32 + 4 * page.number(at: Int(clamping: place) + 4, 4)
        }
        return place
    }
}
