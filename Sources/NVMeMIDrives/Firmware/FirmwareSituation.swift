import NVMeMI

/// What firmware a drive has and runs at some time.
struct FirmwareSituation: Sendable, Equatable {
    /// The revision that runs.
    let running: String
    /// The slot that it is from.
    let activeSlot: UInt8
    /// The slot that the next reset activates; 0 when that does not change.
    let nextSlot: UInt8
    /// The revisions in slots 1 to 7; empty where the slot is.
    let revisions: [String]
    /// How often the drive was switched on.
    let powerCycles: UInt128

    /// The revision in a slot; empty when there is none.
    func revision(inSlot slot: UInt8) -> String {
        let index = Int(slot) - 1
        return revisions.indices.contains(index) ? revisions[index] : ""
    }

    /// The slot into which an image has come since another time; nil when that cannot be seen.
    func slotWritten(since before: FirmwareSituation, _ order: FirmwareOrder) -> UInt8? {
        if order.slot != 0 { return order.slot }
        if nextSlot != 0, nextSlot != before.nextSlot { return nextSlot }
        if activeSlot != before.activeSlot { return activeSlot }
        let changed = (UInt8(1)...7).filter { revision(inSlot: $0) != before.revision(inSlot: $0) }
        if let slot = changed.first, changed.count == 1 { return slot }
        return nextSlot != 0 ? nextSlot : nil
    }
}

extension Controller {
    /// Asks what firmware the drive has.
    func firmwareSituation(for requester: Requester) async throws(DriveError) -> FirmwareSituation {
        let log = try await endpoint.perform(
            GetLogPage.firmwareSlots(on: identifier).retainingEvents(with: logPageAbilities),
            for: requester
        )
        take(log)
        let identity = try await endpoint.perform(Identify.controller(identifier), for: requester)
        return FirmwareSituation(
            running: identity.firmwareRevision,
            activeSlot: log.activeSlot,
            nextSlot: log.nextActiveSlot,
            revisions: log.revisions,
            powerCycles: try await powerCycles(for: requester)
        )
    }

    /// Shows what is in the slots by all endpoints of the drive, so that who is told the end of an update sees it there.
    private func take(_ log: FirmwareSlotLog) {
        for endpoint in endpoint.drive?.endpoints ?? [] {
            for controller in endpoint.inventory.controllers
            where controller.identifier == identifier {
                let facts = FirmwareFacts(
                    log,
                    slots: controller.identity?.abilities.firmwareSlots ?? 0
                )
                guard facts != controller.firmware else { continue }
                controller.firmware = facts
                endpoint.fleet.observer?.changed(controller)
            }
        }
    }
}
