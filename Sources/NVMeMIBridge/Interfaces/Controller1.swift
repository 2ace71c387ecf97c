import DBus
import EventLoop
import NVMeMI

/// A controller of an NVM subsystem, as the endpoint and the controller itself described it.
@LoopActor
final class Controller {
    let identifier: UInt16
    var facts: EndpointInventory.Controller
    let endpoint: Endpoint

    init(_ identifier: UInt16, _ facts: EndpointInventory.Controller, of endpoint: Endpoint) {
        self.identifier = identifier
        self.facts = facts
        self.endpoint = endpoint
    }

    var information: ControllerInformation { facts.information }
    /// The defaults when the controller could not be identified.
    var identity: IdentifyController { facts.identity ?? IdentifyController() }
}

extension Interface where Object == Controller {
    /// Who a controller is and what can be asked of it without changing it.
    static let controller = Interface(
        "xyz.openbmc_project.NVMeMI.Controller1",
        documentation: """
            A controller of the NVM subsystem. Reading. The properties are as of the endpoint's \
            initialization; texts are empty and numbers 0 for a controller that refuses Identify.
            """
    ) {
        Property("ControllerID", "The controller identifier.", .constant) {
            (controller: Controller) in
            controller.identifier
        }
        Property("PortNumber", "The port that it is on.", .constant) { (controller: Controller) in
            controller.information.port
        }
        Property("ModelNumber", "Without the padding.", .constant) { (controller: Controller) in
            controller.identity.modelNumber
        }
        Property("SerialNumber", "Without the padding.", .constant) { (controller: Controller) in
            controller.identity.serialNumber
        }
        Property("FirmwareRevision", "The active firmware's.", .constant) {
            (controller: Controller) in
            controller.identity.firmwareRevision
        }
        Property(
            "NVMeVersion",
            "The NVMe version, major.minor.tertiary; empty when not reported.",
            .constant
        ) { (controller: Controller) in
            guard case .text(let version)? = controller.identity.namedValues["NVMeVersion"] else {
                return ""
            }
            return version
        }
        Property("ControllerType", "IO, Discovery, Administrative or NotReported.", .constant) {
            (controller: Controller) in "\(controller.identity.controllerType)"
        }
        Property("VendorID", "The PCI vendor identifier.", .constant) { (controller: Controller) in
            controller.information.vendorID
        }
        Property("DeviceID", "The PCI device identifier.", .constant) { (controller: Controller) in
            controller.information.deviceID
        }
        Property("SubsystemVendorID", "The PCI subsystem vendor identifier.", .constant) {
            (controller: Controller) in controller.information.subsystemVendorID
        }
        Property("SubsystemDeviceID", "The PCI subsystem identifier.", .constant) {
            (controller: Controller) in controller.information.subsystemID
        }
        Property(
            "PCIeRoutingID",
            "The PCI bus (15:8), device (7:3) and function (2:0); 0 when not valid.",
            .constant
        ) { (controller: Controller) in
            controller.information.isRoutingIdentifierValid
                ? controller.information.routingIdentifier : 0
        }
        Property(
            "TotalCapacity",
            "In bytes; 0 when not reported, the largest number when it is larger.",
            .constant
        ) { (controller: Controller) in
            UInt64(clamping: controller.identity.totalNVMCapacity)
        }
        Property(
            "UnallocatedCapacity",
            "In bytes; 0 when not reported, the largest number when it is larger.",
            .emitsChange
        ) { (controller: Controller) in
            UInt64(clamping: controller.identity.unallocatedNVMCapacity)
        }

        Method(
            "Identify",
            """
            Identify as it is: the data structure that a CNS value selects. Options: controller-id (q), \
            cns-specific-id (q), csi (y), uuid-index (y, to 127), offset (u) and length (u, 4 to 4096), \
            in bytes and multiples of 4, for a part of it, timeout-ms (u, 1 to 600000).
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
        ) { (controller: Controller, call: Invocation) async throws -> VariantDictionary in
            let identity = try await controller.perform(
                Identify.controller(controller.identifier),
                for: call
            )
            return VariantDictionary(identity.namedValues)
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
                -> VariantDictionary in
            try await controller.namespaceIdentity(nsid, for: call)
        }

        Method(
            "GetLogPage",
            """
            A log page as it is, whole or in part. Options: length (u) and offset (t) in bytes, where \
            the length, up to 1 MiB, of pages of a known size may be left out; lsp (y, to 127) log \
            specific parameter; lsi (q) log specific identifier; csi (y); uuid-index (y, to 127); \
            retain-events (b) to leave the page's asynchronous event as it is, true by default; \
            timeout-ms (u, 1 to 600000), for all its parts.
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
        ) { (controller: Controller, call: Invocation) async throws -> VariantDictionary in
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
                -> [VariantDictionary] in
            try await controller.errorLog(entries: entries, for: call)
        }

        Method(
            "GetFirmwareLog",
            "The firmware slot information log page, decoded.",
            out: ["log"]
        ) { (controller: Controller, call: Invocation) async throws -> VariantDictionary in
            try await controller.firmwareLog(for: call)
        }
    }
}
