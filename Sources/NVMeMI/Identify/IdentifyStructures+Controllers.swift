extension IdentifyStructures {
    /// Controllers beside what every controller says of itself.
    static var controllers: [IdentifyDeclaration] {
        [
            IdentifyDeclaration(0x06, "NVMController", ioCommandSet: 0, selectors: .ioCommandSet) {
                Record("NVM Command Set Controller", size: 4096) {
                    Item("VerifySizeLimit", at: 0, 1, .nonZero)
                    Item("WriteZeroesSizeLimit", at: 1, 1, .nonZero)
                    Item("WriteUncorrectableSizeLimit", at: 2, 1, .nonZero)
                    Item("DatasetManagementRangesLimit", at: 3, 1, .nonZero)
                    Item("DatasetManagementRangeSizeLimit", at: 4, 4, .nonZero)
                    Item("DatasetManagementSizeLimit", at: 8, 8, .nonZero)
                    Item("KeyPerIOSupported", at: 16, bit: 0)
                    Item("KeyPerIOScopeAllNamespaces", at: 16, bit: 1)
                    Item("WriteZeroesWithDeallocateSizeLimit", at: 17, 1, .nonZero)
                    Item("ReportsAllocatedLBAs", at: 18, bit: 0)
                    Item("Version", at: 20, 4, .version)
                    Item("LBAMigrationQueueFormat", at: 24, 1)
                }
            },
            IdentifyDeclaration(
                0x06,
                "ZonedController",
                ioCommandSet: 2,
                selectors: .ioCommandSet
            ) {
                Record("Zoned Namespace Command Set Controller", size: 4096) {
                    Item("ZoneAppendSizeLimit", at: 0, 1)
                }
            },
            IdentifyDeclaration(
                0x14,
                "PrimaryControllerCapabilities",
                selectors: .firstController
            ) {
                Record("Primary Controller Capabilities", size: 4096) {
                    Item("ControllerID", at: 0, 2)
                    Item("PortID", at: 2, 2)
                    Item("ResourceTypes", at: 4, 1, flags: [(0, "Queues"), (1, "Interrupts")])
                    Item("QueueFlexibleTotal", at: 32, 4)
                    Item("QueueFlexibleAssigned", at: 36, 4)
                    Item("QueueFlexibleAllocatedToPrimary", at: 40, 2)
                    Item("QueuePrivateTotal", at: 42, 2)
                    Item("QueueFlexibleSecondaryMaximum", at: 44, 2)
                    Item("QueueFlexibleGranularity", at: 46, 2)
                    Item("InterruptFlexibleTotal", at: 64, 4)
                    Item("InterruptFlexibleAssigned", at: 68, 4)
                    Item("InterruptFlexibleAllocatedToPrimary", at: 72, 2)
                    Item("InterruptPrivateTotal", at: 74, 2)
                    Item("InterruptFlexibleSecondaryMaximum", at: 76, 2)
                    Item("InterruptFlexibleGranularity", at: 78, 2)
                }
            },
            IdentifyDeclaration(0x15, "SecondaryControllerList", selectors: .firstController) {
                let entry = Record("Secondary Controller Entry", size: 32) {
                    Item("ControllerID", at: 0, 2)
                    Item("PrimaryControllerID", at: 2, 2)
                    Item("Online", at: 4, bit: 0)
                    Item("VirtualFunctionNumber", at: 8, 2)
                    Item("QueueResources", at: 10, 2)
                    Item("InterruptResources", at: 12, 2)
                }
                return Record("Secondary Controller List", size: 32) {
                    Item("Controllers", at: 32, rows: entry, .told(at: 0, 1, limit: 127))
                }
            },
            IdentifyDeclaration(0x20, "ControllerStateFormats") {
                let identifier = Record("UUID", size: 16) { Item("UUID", at: 0, digits: 16) }
                return Record("Supported Controller State Formats", size: 2) {
                    // How many there are is told before the versions.
                    Item("VendorFormatCount", at: 1, 1)
                    Item("Versions", at: 2, numbers: 2, .told(at: 0, 1))
                    Item("VendorFormats", at: 2, shift: .told(at: 0, 1, times: 2)) { whole in
                        let count = whole.int(at: 1, 1)
                        return Record("Vendor Formats", size: 0) {
                            Item("UUIDs", at: 0, rows: identifier, .fixed(count))
                        }
                    }
                }
            },
        ]
    }
}
