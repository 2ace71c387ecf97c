import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Making namespaces, and giving them to controllers.
    static let namespaceManagement = Interface(
        "xyz.openbmc_project.NVMeMI.NamespaceManagement1",
        documentation: """
            Creating and deleting the subsystem's namespaces, and attaching them to its controllers. The \
            objects of namespaces follow: there is one for each that is attached.
            """,
        right: .destroying
    ) {
        Method(
            "Create",
            """
            Creates a namespace and returns its identifier; it is attached to no controller yet. Options: \
            size (t), in logical blocks, which has to be given; capacity (t), in logical blocks, the size \
            when left out; format (y, 0 to 63), the index of the LBA format; extended-metadata (b), to \
            have metadata at the end of each block; protection (y), the end-to-end protection as Identify \
            Namespace has it; shared (b), whether several controllers may have it; csi (y), the I/O command \
            set; ana-group (u), nvm-set (q) and endurance-group (q), where 0 is the controller's choice; \
            storage-tag-mask (t); serial-number (s), the drive's, which is compared when it is given; force \
            (b) for a controller that says it cannot; timeout-ms (u, 1 to 600000).
            """,
            in: ["options"],
            out: ["nsid"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                options: VariantDictionary
            ) async throws
                -> UInt32 in
            try await controller.createNamespace(options, for: call)
        }

        Method(
            "Delete",
            """
            Deletes a namespace with all that is in it; 4294967295 deletes all. Options: serial-number (s), \
            the drive's, which has to be given (see require-serial-number in the configuration), and which \
            the drive is asked for once more; force (b) for a controller that says it cannot; timeout-ms \
            (u, 1 to 600000).
            """,
            in: ["nsid", "options"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                nsid: UInt32,
                options: VariantDictionary
            ) async throws in
            try await controller.deleteNamespace(nsid, options, for: call)
        }

        Method(
            "Attach",
            "Attaches a namespace to controllers.",
            in: ["nsid", "controllers"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                nsid: UInt32,
                controllers: [UInt16]
            ) async throws in
            try await controller.attach(.attach, nsid, controllers, for: call)
        }

        Method(
            "Detach",
            "Detaches a namespace from controllers.",
            in: ["nsid", "controllers"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                nsid: UInt32,
                controllers: [UInt16]
            ) async throws in
            try await controller.attach(.detach, nsid, controllers, for: call)
        }
    }
}
