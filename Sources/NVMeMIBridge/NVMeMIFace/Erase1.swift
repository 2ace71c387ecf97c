import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Erasing a drive, or namespaces of it.
    static let erase = Interface(
        "xyz.openbmc_project.NVMeMI.Erase1",
        documentation: """
            Erasing all that is on a drive, or formatting namespaces. Both are jobs: what is wrong with a call is \
            told at once, and then the job's path; nothing is sent within the next 200 ms. Result of the job \
            (Job1) says what was erased, how, and what the drive answered: Drive, Manufacturer, ModelNumber, \
            SerialNumber, FirmwareRevision, SubsystemNQN (s), Capacity (t, bytes); Method (s), Action (s) and \
            Parameters (a{sv}); BegunHere (b); Started and Ended (t, milliseconds of Unix time). Operations that \
            somebody else began are found and shown as jobs as well.
            """,
        right: .destroying
    ) {
        Property(
            "Capabilities",
            """
            What the controller says that it can do: BlockErase, Overwrite, CryptoErase, MediaVerification and \
            NoDeallocateInhibited of Sanitize (SANICAP); SanitizeNamespace, which erases by CryptoErase; Format; FormatCryptoErase, FormatAllNamespaces, \
            EraseAllNamespaces and BroadcastNotSupported of Format NVM (FNA). Empty while it is not known.
            """,
            .emitsChange
        ) { (controller: Controller) in controller.erasingCapabilities }

        Method(
            "Sanitize",
            """
            Erases all user data of the NVM subsystem, of all its namespaces and caches, or leaves what such an \
            operation has left behind. Actions: BlockErase, Overwrite, CryptoErase; ExitFailureMode; \
            ExitMediaVerification. It goes on in the drive, over resets and power cycles, and cannot be \
            cancelled. Options: nsid (u), to erase all user data of that namespace only, with CryptoErase, where the \
            controller says that it has Sanitize Namespace, or to leave what that has left behind; serial-number (s), the drive's, which has to be given (see \
            require-serial-number in the configuration), and which the drive is asked for once more; passes (y, 1 \
            to 16, 1 when left out), pattern (u) and invert-pattern (b), the inversion between passes, for \
            Overwrite; unrestricted-exit (b), so that a failure can be left by ExitFailureMode; no-deallocate (b), \
            to deallocate nothing afterwards; media-verification (b), to stay where the media can be verified \
            afterwards; force (b) for what the controller says it does not have. Result adds Status (s), \
            SanitizeStatus (q, SSTAT), CommandDword10 (u, SCDW10), GlobalDataErased (b) and OverwritePasses (y); \
            of one namespace Namespaces (au), and NamespaceDataErased (b) instead of GlobalDataErased.
            """,
            in: ["action", "options"],
            out: ["job"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                action: String,
                options: VariantDictionary
            ) async throws -> ObjectPath in
            try await controller.sanitize(action, options, for: call)
        }

        Method(
            "Format",
            """
            Gives a namespace a format, which erases it; 4294967295 formats all. Cannot be cancelled. Options: \
            serial-number (s), the drive's, which has to be given (see require-serial-number in the \
            configuration), and which the drive is asked for once more; format (y, 0 to 63), the index of the LBA \
            format, or block-size (t) and metadata-size (q, 0 when left out), in bytes, which choose the fastest \
            such; the format stays as it is when neither is given; extended-metadata (b), to have metadata at the \
            end of each block; protection (y, 0 to 3), the type of end-to-end protection; protection-first (b), \
            to have it in the first bytes of the metadata; secure-erase (s): None, UserData, Cryptographic; force \
            (b) for what the controller says it does not have; timeout-ms (u, 1 to 86400000), for the \
            controller's answer, which some give when they are done, 600000 when left out. Result adds \
            Namespaces (au), NVMeStatus (q), and NamespacesAfter (aa{sv}): what Identify says afterwards.
            """,
            in: ["nsid", "options"],
            out: ["job"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                nsid: UInt32,
                options: VariantDictionary
            ) async throws -> ObjectPath in
            try await controller.format(nsid, options, for: call)
        }
    }
}

extension Controller {
    fileprivate var erasingCapabilities: [String] {
        guard let identity else { return [] }
        var names = identity.erasing.sanitize.setNames
        if isKnown(.sanitizeNamespace) { names.append("SanitizeNamespace") }
        guard (try? check(AdminOpcode.formatNVM)) != nil else { return names }
        names.append("Format")
        let format = identity.erasing.format
        // The name of the cryptographic erase is one of Sanitize as well.
        names += format.setNames.map { $0 == "CryptoErase" ? "FormatCryptoErase" : $0 }
        return names
    }
}
