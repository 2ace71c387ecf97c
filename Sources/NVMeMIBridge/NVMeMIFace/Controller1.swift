import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Who a controller is and what can be asked of it without changing it.
    static let controller = Interface(
        "xyz.openbmc_project.NVMeMI.Controller1",
        documentation: """
            A controller of the NVM subsystem. Reading. The properties are as of the last look at the \
            endpoint; texts are empty and numbers 0 for a controller that refuses Identify.
            """,
        right: .reading
    ) {
        Property("ControllerID", "The controller identifier.", .constant) {
            (controller: Controller) in
            controller.identifier
        }
        Property("PortNumber", "The port that it is on.", .emitsChange) {
            (controller: Controller) in
            controller.information.port
        }
        Property("ModelNumber", "Without the padding.", .emitsChange) { (controller: Controller) in
            controller.identity?.modelNumber ?? ""
        }
        Property("SerialNumber", "Without the padding.", .emitsChange) { (controller: Controller) in
            controller.identity?.serialNumber ?? ""
        }
        Property("FirmwareRevision", "The active firmware's.", .emitsChange) {
            (controller: Controller) in
            controller.identity?.firmwareRevision ?? ""
        }
        Property(
            "NVMeVersion",
            "The NVMe version, major.minor.tertiary; empty when not reported.",
            .emitsChange
        ) { (controller: Controller) in
            controller.identity?.versionText ?? ""
        }
        Property("ControllerType", "IO, Discovery, Administrative or NotReported.", .emitsChange) {
            (controller: Controller) in
            "\(controller.identity?.type ?? ControllerType(rawValue: 0))"
        }
        Property("VendorID", "The PCI vendor identifier.", .emitsChange) {
            (controller: Controller) in
            controller.information.vendorID
        }
        Property("DeviceID", "The PCI device identifier.", .emitsChange) {
            (controller: Controller) in
            controller.information.deviceID
        }
        Property("SubsystemVendorID", "The PCI subsystem vendor identifier.", .emitsChange) {
            (controller: Controller) in controller.information.subsystemVendorID
        }
        Property("SubsystemDeviceID", "The PCI subsystem identifier.", .emitsChange) {
            (controller: Controller) in controller.information.subsystemID
        }
        Property(
            "PCIeRoutingID",
            "The PCI bus (15:8), device (7:3) and function (2:0); 0 when not valid.",
            .emitsChange
        ) { (controller: Controller) in
            controller.information.isRoutingIdentifierValid
                ? controller.information.routingIdentifier : 0
        }
        Property(
            "TotalCapacity",
            "In bytes; 0 when not reported, the largest number when it is larger.",
            .emitsChange
        ) { (controller: Controller) in
            controller.identity?.totalCapacity ?? 0
        }
        Property(
            "UnallocatedCapacity",
            "In bytes; 0 when not reported, the largest number when it is larger.",
            .emitsChange
        ) { (controller: Controller) in
            controller.identity?.unallocatedCapacity ?? 0
        }

        Method(
            "Identify",
            """
            Identify as it is: the data structure that a CNS value selects. Options: controller-id (q), \
            cns-specific-id (q), csi (y), uuid-index (y, to 127), offset (u) and length (u, 4 to 4096), \
            in bytes and multiples of 4, for a part of it; force (b) for a structure that the controller says \
            it does not have; timeout-ms (u, 1 to 600000).
            """,
            in: ["cns", "nsid", "options"],
            out: ["data"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                cns: UInt8,
                nsid: UInt32,
                options: VariantDictionary
            ) async throws -> [UInt8] in
            try await controller.identify(cns: cns, nsid: nsid, options, for: call)
        }

        Method(
            "GetIdentity",
            """
            Identify Controller, decoded. Temperatures are in degrees Celsius, capacities in bytes.
            """,
            out: ["identity"]
        ) { (controller: Controller, call: Invocation) async throws -> Fields in
            try await controller.decodedIdentity(for: call)
        }

        Method(
            "GetNamespaceIdentity",
            "Identify Namespace, decoded. Size, Capacity and Utilization are in logical blocks, NVMCapacity is in "
                + "bytes.",
            in: ["nsid"],
            out: ["identity"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                nsid: UInt32
            ) async throws
                -> Fields in
            try await controller.namespaceIdentity(nsid, for: call)
        }

        Method(
            "GetLogPage",
            """
            A log page as it is, whole or in part; GetLog decodes it. nsid is 4294967295 for a page that is \
            not about a namespace. Options: length (u), from 1 to 1048576, and offset (t), a multiple of 4, \
            in bytes, where the length of pages of a known size may be left out; \
            \(LogSelection.documentation); timeout-ms (u, 1 to 600000), for all its parts.
            """,
            in: ["lid", "nsid", "options"],
            out: ["data"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                lid: UInt8,
                nsid: UInt32,
                options: VariantDictionary
            ) async throws -> [UInt8] in
            try await controller.logPage(lid, nsid: nsid, options, for: call)
        }

        Method(
            "GetSmartLog",
            """
            The SMART / health log page of the controller, decoded. Temperatures are in degrees \
            Celsius; data units are of 1000 blocks of 512 bytes.
            """,
            out: ["log"]
        ) { (controller: Controller, call: Invocation) async throws -> Fields in
            try await controller.smartLog(for: call)
        }

        Method(
            "GetErrorLog",
            "The error information log page, decoded: the newest entries, at most as many as asked "
                + "for; 0 asks for all. Unused entries are left out.",
            in: ["entries"],
            out: ["log"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                entries: UInt32
            ) async throws
                -> [Fields] in
            try await controller.errorLog(entries: entries, for: call)
        }

        logMembers
        featureMembers

        Method(
            "GetFirmwareLog",
            "The firmware slot information log page, decoded.",
            out: ["log"]
        ) { (controller: Controller, call: Invocation) async throws -> Fields in
            try await controller.firmwareLog(for: call)
        }
    }
}
