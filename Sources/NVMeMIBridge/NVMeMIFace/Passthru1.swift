import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Passthru {
    /// Commands as they are.
    static let passthru = Interface(
        "xyz.openbmc_project.NVMeMI.Passthru1",
        documentation: """
            Commands as their caller has made them; root's. What the drive answers comes back as data, be it \
            a refusal: Status (y) and StatusName (s) are those of NVMe-MI, and a refused parameter is \
            ParameterError ((yq), bit and byte of the request) and Parameter (s), its name where there is \
            one. An error is what has no answer.

            What is known to erase, format, delete, write-protect for good, reset or shut down needs the \
            option serial-number (s), the drive's (see require-serial-number in the configuration), and the \
            drive is asked for it once more; with others it is compared when it is given. PCIe writes are \
            among these: what they reach resets a drive (NSSR and CC behind base address register 0, Function \
            Level Reset). What is not known to read only is refused while a job changes the drive, without the \
            option force (b). All take timeout-ms (u, 1 to 600000).
            """,
        right: .root
    ) {
        Method(
            "ManagementCommand",
            """
            A command of the Management Interface: opcode, NVMe Management Dwords 0 and 1, request data. \
            Returns beside the status Response (u), the 24 bits of the NVMe Management Response, and Data \
            (ay). Further options: slot (y, 0 or 1); management-endpoint-buffer (b), to have the data in the \
            Management Endpoint Buffer; auto-pause (b), Command Initiated Auto Pause.
            """,
            in: ["opcode", "dword0", "dword1", "data", "options"],
            out: ["answer"]
        ) {
            (
                target: Passthru,
                call: Invocation,
                opcode: UInt8,
                dword0: UInt32,
                dword1: UInt32,
                data: [UInt8],
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            let command = RawManagementCommand(
                opcode: opcode,
                dword0: dword0,
                dword1: dword1,
                data: data
            )
            return try await target.manage(command, options, for: call)
        }

        Method(
            "AdminCommand",
            """
            An Admin command: opcode, data for the controller, up to 4096 bytes and a multiple of 4. Returns \
            beside the status Result and Result1 (u), completion queue entry dwords 0 and 1, NVMeStatus (q) \
            with 15 bits, NVMeStatusName (s) and Data (ay). Further options: nsid, cdw2, cdw3, cdw4, cdw5, \
            cdw10 to cdw15 (u); length (u), how many bytes are wanted, and offset (u), from where on; \
            controller-id (q), which an endpoint needs; ignore-shutdown (b); slot, \
            management-endpoint-buffer and auto-pause as above.
            """,
            in: ["opcode", "data", "options"],
            out: ["answer"]
        ) {
            (
                target: Passthru,
                call: Invocation,
                opcode: UInt8,
                data: [UInt8],
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            try await target.administer(AdminOpcode(rawValue: opcode), data, options, for: call)
        }

        Method(
            "PCIeCommand",
            """
            A PCIe command: 0 configuration read, 1 configuration write, 2 memory read, 3 memory write, 4 \
            I/O read, 5 I/O write; the offset; and the bytes to write. Returns beside the status Data (ay). \
            Further options: length (q, to 4096), how many bytes are read; bar (y, to 7), the base address \
            register; controller-id (q), which an endpoint needs; slot as above.
            """,
            in: ["opcode", "offset", "data", "options"],
            out: ["answer"]
        ) {
            (
                target: Passthru,
                call: Invocation,
                opcode: UInt8,
                offset: UInt64,
                data: [UInt8],
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            try await target.accessPCIe(
                PCIeOpcode(rawValue: opcode),
                offset,
                data,
                options,
                for: call
            )
        }
    }
}
