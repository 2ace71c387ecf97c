import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// Members that are about SCSI Enclosure Services, which NVMe enclosures have.
    @InterfaceBuilder<Endpoint>
    static var enclosureMembers: [InterfaceMember<Endpoint>] {
        Method(
            "SESReceive",
            """
            Receives a diagnostic page of the enclosure services: the page code, and how many bytes are \
            taken of it, up to 4096. Options: force (b) for an endpoint that does not list the command; \
            timeout-ms (u, 1 to 600000).
            """,
            in: ["page", "length", "options"],
            out: ["data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                page: UInt8,
                length: UInt16,
                options: VariantDictionary
            ) async throws -> [UInt8] in
            try await endpoint.receiveEnclosurePage(page, length, options, for: call)
        }

        Method(
            "SESSend",
            """
            Sends a diagnostic page, up to 4096 bytes, to the enclosure services. Options: force (b) for an \
            endpoint that does not list the command; timeout-ms (u, 1 to 600000).
            """,
            in: ["data", "options"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                data: [UInt8],
                options: VariantDictionary
            ) async throws in
            try await endpoint.sendEnclosurePage(data, options, for: call)
        }
    }
}

extension Endpoint {
    fileprivate func receiveEnclosurePage(
        _ page: UInt8,
        _ length: UInt16,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws -> [UInt8] {
        let asked = try Transfer.Options(options)
        try Transfer.check(Int(length), of: "SESReceive")
        try check(.managementInterface, SESReceive.declaration.opcode, isForced: asked.isForced)
        return try await perform(
            SESReceive(page: page, length: length),
            for: call.requester,
            timeLimit: asked.deadline.left
        )
    }

    fileprivate func sendEnclosurePage(
        _ data: [UInt8],
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws {
        let asked = try Transfer.Options(options)
        try Transfer.check(data.count, of: "SESSend")
        try await call.recording("SESSend", on: self, [("bytes", "\(data.count)")]) {
            try check(.managementInterface, SESSend.declaration.opcode, isForced: asked.isForced)
            try await perform(
                SESSend(data),
                for: call.requester,
                timeLimit: asked.deadline.left,
                isWriting: true
            )
        }
    }
}
