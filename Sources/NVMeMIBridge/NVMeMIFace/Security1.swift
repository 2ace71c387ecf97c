import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Security protocols, such as those of TCG.
    static let security = Interface(
        "xyz.openbmc_project.NVMeMI.Security1",
        documentation: """
            Security protocols of a controller. What they do is theirs: they can lock a drive, and erase it.
            """,
        right: .destroying
    ) {
        Method(
            "Send",
            """
            Security Send: the protocol, what is specific to it (SPSP), and the data, up to 4096 bytes. \
            Options: nsid (u); nssf (y), the NVMe security specific field; serial-number (s), the drive's, \
            which is compared when it is given; force (b) for a controller that says it cannot; timeout-ms \
            (u, 1 to 600000).
            """,
            in: ["protocol", "specific", "data", "options"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                securityProtocol: UInt8,
                specific: UInt16,
                data: [UInt8],
                options: VariantDictionary
            ) async throws in
            let asked = try SecurityOptions(options)
            try Transfer.check(data.count, of: "Send")
            let details = [
                ("protocol", "\(securityProtocol)"), ("specific", "\(specific)"),
                ("bytes", "\(data.count)"),
            ]
            try await call.recording("SecuritySend", on: controller.endpoint, details) {
                try controller.endpoint.check(
                    serialNumber: asked.serialNumber,
                    isRequired: false,
                    before: "Send"
                )
                try controller.endpoint.checkThatNoJobChangesIt(
                    before: "SecuritySend",
                    isForced: asked.isForced
                )
                try controller.check(.securitySend, isForced: asked.isForced)
                var command = SecuritySend(
                    securityProtocol,
                    specific: specific,
                    data: data,
                    on: controller.identifier,
                    namespace: asked.namespace
                )
                command.nvmeSpecific = asked.nvmeSpecific
                try await controller.endpoint.perform(
                    command,
                    for: call.requester,
                    timeLimit: asked.timeLimit,
                    isWriting: true
                )
            }
        }

        Method(
            "Receive",
            """
            Security Receive: the protocol, what is specific to it (SPSP), and how many bytes are taken, up \
            to 4096. Returns at most as many. Options: nsid (u); nssf (y), the NVMe security specific field; \
            serial-number (s), the drive's, which is compared when it is given; force (b) for a controller \
            that says it cannot; timeout-ms (u, 1 to 600000).
            """,
            in: ["protocol", "specific", "length", "options"],
            out: ["data"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                securityProtocol: UInt8,
                specific: UInt16,
                length: UInt32,
                options: VariantDictionary
            ) async throws -> [UInt8] in
            let asked = try SecurityOptions(options)
            try Transfer.check(Int(clamping: length), of: "Receive")
            try controller.endpoint.check(
                serialNumber: asked.serialNumber,
                isRequired: false,
                before: "Receive"
            )
            try controller.check(.securityReceive, isForced: asked.isForced)
            var command = SecurityReceive(
                securityProtocol,
                specific: specific,
                // Messages carry whole dwords, and no more than the command produces.
                length: (length + 3) / 4 * 4,
                on: controller.identifier,
                namespace: asked.namespace
            )
            command.nvmeSpecific = asked.nvmeSpecific
            let data = try await controller.perform(
                command,
                for: call.requester,
                timeLimit: asked.timeLimit
            )
            return Array(data.prefix(Int(clamping: length)))
        }
    }
}

/// The options of both methods.
private struct SecurityOptions {
    let namespace: UInt32
    let nvmeSpecific: UInt8
    let serialNumber: String?
    let isForced: Bool
    let timeLimit: Duration?

    init(_ dictionary: VariantDictionary) throws {
        var options = CallOptions(dictionary)
        namespace = try options.number("nsid", in: 0...UInt32.max) ?? 0
        nvmeSpecific = try options.number("nssf", in: 0...UInt8.max) ?? 0
        serialNumber = try options.serialNumber()
        isForced = try options.isForced()
        timeLimit = try options.timeLimit()
        try options.finish()
    }
}
