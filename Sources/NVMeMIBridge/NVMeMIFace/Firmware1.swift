import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// A controller's firmware, and replacing it.
    static let firmware = Interface(
        "xyz.openbmc_project.NVMeMI.Firmware1",
        documentation: """
            A controller's firmware slots, and replacing what is in them: as a whole with Update, or in single \
            steps, where an image is downloaded in pieces and then committed.
            """,
        right: .firmware
    ) {
        Property(
            "Slots",
            """
            The slots, from 1 on; empty while the controller does not tell them. Slot (y). Revision (s), \
            empty when the slot is. Active (b): the running firmware is from it. ActiveAfterReset (b): the \
            next reset activates it. ReadOnly (b): it cannot be replaced.
            """,
            .emitsChange
        ) { (controller: Controller) in controller.firmwareSlots }

        Method(
            "Update",
            """
            Replaces firmware: returns a job, FirmwareUpdate, that transfers the image, commits it, resets the \
            drive when that is wanted, and looks at what runs then. The image is a regular file or a memfd, \
            read from its beginning while it is transferred. A PLDM firmware update package (DSP0267, \
            revisions 1 to 4) is recognised and checked, and its component for the drive is used, which is \
            found by PCI identifiers and model; anything else is an image as it is. Options: serial-number \
            (s), the drive's, which has to be given (see require-serial-number in the configuration), and \
            which the drive is asked for once more; slot (y, 1 to 7, or 0 for the controller's choice, the \
            default); action (y): 0 replaces the image in the slot, 1 does that and activates it at the next \
            reset, the default, 3 activates it at once; reset (s), what is reset then: none, the default, \
            controller, which a drive with one controller can, or subsystem; revision (s), which must run in \
            the end; component (q), the identifier of the package's component where several are for the \
            drive; force (b) for what the controller says it does not have; timeout-ms (u, 1 to 600000), for \
            the commit. Result has OldRevision (s); Slot (y) and SlotRevision (s), what the image came to; \
            ResetNeeded (s) as Commit tells it, which is no failure; Activated (b): it runs; NewRevision (s), \
            which runs now; OverlappingUpdate (b); CommitStatus (s) where it takes too long to be activated \
            at once and is so by a reset; PackageVersion (s) and ComponentVersion (s) of a package. The job \
            can be cancelled until it commits.
            """,
            in: ["image", "options"],
            out: ["job"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                image: FileDescriptorHandle,
                options: VariantDictionary
            ) async throws -> ObjectPath in
            try await controller.update(image, options, for: call)
        }

        Method(
            "Download",
            """
            Transfers a part of a firmware image: where in the image it begins, and its bytes, both \
            multiples of 4. Parts of more than 4096 bytes are sent in several commands. Of a controller whose \
            firmware has a granularity, every part begins at a multiple of 4096.
            """,
            in: ["offset", "data"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                offset: UInt32,
                data: [UInt8]
            ) async throws
            in
            try await controller.download(data, at: offset, for: call)
        }

        Method(
            "Commit",
            """
            Firmware Commit: the slot, 1 to 7 or 0 for the controller's choice, and what to do. Actions: \
            0 replaces the image in the slot; 1 does that and activates it at the next reset; 2 activates \
            what is in the slot at the next reset; 3 activates at once what was downloaded or is in the \
            slot; 6 replaces the boot partition; 7 activates it. An image that is committed and needs a \
            reset to be active is no failure. Returns ResetNeeded (s): None, Conventional (a reset of the \
            PCI function), Subsystem (of the NVM subsystem) or Controller, as far as the controller says; \
            and OverlappingUpdate (b) with MultipleUpdateDetection (y), the bits that say so. Options: \
            boot-partition (y, 0 or 1); serial-number (s), the drive's, which is compared when it is given; \
            force (b) for what the controller says it does not have; timeout-ms (u, 1 to 600000).
            """,
            in: ["slot", "action", "options"],
            out: ["result"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                slot: UInt8,
                action: UInt8,
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            try await controller.commit(slot, action, options, for: call)
        }
    }
}

extension Controller {
    fileprivate var firmwareSlots: [VariantDictionary] {
        guard let firmware else { return [] }
        return firmware.revisions.enumerated().map { index, revision in
            let number = UInt8(clamping: index + 1)
            let isReadOnly = number == 1 && identity?.abilities.isFirstFirmwareSlotReadOnly ?? false
            return [
                "Slot": .byte(number),
                "Revision": .string(revision),
                "Active": .boolean(number == firmware.activeSlot),
                "ActiveAfterReset": .boolean(number == firmware.nextSlot),
                "ReadOnly": .boolean(isReadOnly),
            ]
        }
    }
}
