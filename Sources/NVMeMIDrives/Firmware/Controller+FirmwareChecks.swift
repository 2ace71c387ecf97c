public import NVMeMI

/// What can be said beforehand against firmware.
extension Controller {
    /// Refuses what the controller has said its slots cannot do.
    ///
    /// - Throws: `DriveError`.
    public func check(
        firmwareSlot slot: UInt8,
        _ action: FirmwareCommitAction
    ) throws(DriveError) {
        guard let abilities = identity?.abilities else { return }
        let isAboutBootPartition = action.rawValue >= 6
        let replaces = action == .replace || action == .replaceAndActivateAtReset
        if !isAboutBootPartition, abilities.firmwareSlots > 0, slot > abilities.firmwareSlots {
            throw .argument(
                "slot is \(slot); controller \(identifier) has \(abilities.firmwareSlots) slots, from 1 on"
            )
        }
        if replaces, slot == 1, abilities.isFirstFirmwareSlotReadOnly {
            throw .notAllowed(
                "slot 1 of controller \(identifier) cannot be replaced, as it says; option 'force' has it "
                    + "asked all the same"
            )
        }
        if action == .activateNow, !abilities.activatesFirmwareWithoutReset {
            throw .unsupported(
                "controller \(identifier) activates no firmware without a reset, as it says; option 'force' "
                    + "has it asked all the same"
            )
        }
    }

    /// Refuses an update that cannot succeed.
    ///
    /// - Throws: `DriveError`.
    public func check(_ order: FirmwareOrder, imageSize: UInt32) throws(DriveError) {
        try check(.firmwareImageDownload, isForced: order.isForced)
        try check(.firmwareCommit, isForced: order.isForced)
        if !order.isForced {
            try check(firmwareSlot: order.slot, order.action)
            try checkPieces()
        }
        let granularity = pieceGranularity
        guard imageSize > 0, imageSize % granularity == 0 else {
            throw .argument(
                "the image has \(imageSize) bytes; controller \(identifier) takes a multiple of \(granularity)"
            )
        }
        guard order.reset != .none else { return }
        guard order.action != .replace else {
            throw .argument(
                "action 0 activates nothing, so that option 'reset' does not go with it; actions 1 and 3 do"
            )
        }
        let reset = SubsystemReset.declaration
        try endpoint.check(reset.category, reset.opcode, isForced: order.isForced)
        let others = endpoint.inventory.controllers.count - 1
        guard order.reset == .subsystem || others < 1 else {
            throw .notAllowed(
                "controller \(identifier) cannot be reset alone: a reset of the NVM subsystem resets \(others) "
                    + "more; option 'reset' with 'subsystem' does that"
            )
        }
    }

    /// Bytes that each piece of an image has.
    var firmwarePieceSize: UInt32 {
        let granularity = pieceGranularity
        return Self.pieceLimit / granularity * granularity
    }

    /// A controller that wants larger pieces than messages carry is sent the largest, when somebody insists.
    private var pieceGranularity: UInt32 { identity?.abilities.firmwarePiece ?? 4 }

    private func checkPieces() throws(DriveError) {
        guard let wanted = identity?.abilities.firmwareGranularity, wanted > Self.pieceLimit else {
            return
        }
        throw .unsupported(
            "controller \(identifier) takes an image in multiples of \(wanted) bytes, and a message carries "
                + "\(Self.pieceLimit); option 'force' has it sent so all the same"
        )
    }

    /// Bytes that one message carries at most.
    private static let pieceLimit = UInt32(AdminMessage.maximumDataLength)
}
