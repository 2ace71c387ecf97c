import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// Members that write what the endpoint keeps: Vital Product Data and its buffer.
    @InterfaceBuilder<Endpoint>
    static var dataMembers: [InterfaceMember<Endpoint>] {
        Method(
            "VPDWrite",
            "Changes a part of the Vital Product Data, which wears out after some writes; up to 4096 bytes.",
            in: ["offset", "data"]
        ) { (endpoint: Endpoint, call: Invocation, offset: UInt16, data: [UInt8]) async throws in
            let details = [("offset", "\(offset)"), ("bytes", "\(data.count)")]
            try await call.recording("VPDWrite", on: endpoint, details) {
                let command = VPDWrite(offset: offset, data: data)
                try Transfer.check(data.count, of: "VPDWrite")
                try endpoint.check(.managementInterface, VPDWrite.declaration.opcode)
                try await endpoint.perform(command, for: call.requester, isWriting: true)
            }
        }

        Method(
            "ManagementEndpointBufferRead",
            """
            A part of the Management Endpoint Buffer, up to 64 KiB, in pieces of 4096 bytes. Options: \
            force (b) for a drive that does not list the command; timeout-ms (u, 1 to 600000), for all its \
            pieces.
            """,
            in: ["offset", "length", "options"],
            out: ["data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                offset: UInt32,
                length: UInt32,
                options: VariantDictionary
            ) async throws -> [UInt8] in
            try await endpoint.readBuffer(offset, length, options, for: call)
        }

        Method(
            "ManagementEndpointBufferWrite",
            """
            Changes a part of the Management Endpoint Buffer, in pieces of 4096 bytes. Options: force (b) \
            for a drive that does not list the command; timeout-ms (u, 1 to 600000), for all its pieces.
            """,
            in: ["offset", "data", "options"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                offset: UInt32,
                data: [UInt8],
                options: VariantDictionary
            ) async throws in
            try await endpoint.writeBuffer(offset, data, options, for: call)
        }
    }
}

extension Endpoint {
    /// Bytes of the buffer that one answer on the bus may carry.
    private static let bufferLimit: UInt32 = 1 << 16

    fileprivate func readBuffer(
        _ offset: UInt32,
        _ length: UInt32,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws -> [UInt8] {
        let asked = try Transfer.Options(options)
        guard length <= Self.bufferLimit, UInt64(offset) + UInt64(length) <= UInt64(UInt32.max)
        else {
            throw BusErrors.invalidArgument(
                "\(length) bytes from \(offset) on cannot be read; it takes up to \(Self.bufferLimit) bytes "
                    + "below 2^32"
            )
        }
        try check(
            .managementInterface,
            ManagementEndpointBufferRead.declaration.opcode,
            isForced: asked.isForced
        )
        var data: [UInt8] = []
        for piece in Transfer.pieces(of: length) {
            data += try await perform(
                ManagementEndpointBufferRead(
                    offset: offset + piece.lowerBound,
                    length: UInt32(piece.count)
                ),
                for: call.requester,
                timeLimit: asked.deadline.left
            )
        }
        return data
    }

    fileprivate func writeBuffer(
        _ offset: UInt32,
        _ data: [UInt8],
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws {
        let asked = try Transfer.Options(options)
        guard UInt64(offset) + UInt64(data.count) <= UInt64(UInt32.max) else {
            throw BusErrors.invalidArgument(
                "\(data.count) bytes from \(offset) on reach beyond 2^32"
            )
        }
        let details = [("offset", "\(offset)"), ("bytes", "\(data.count)")]
        try await call.recording("ManagementEndpointBufferWrite", on: self, details) {
            try check(
                .managementInterface,
                ManagementEndpointBufferWrite.declaration.opcode,
                isForced: asked.isForced
            )
            for piece in Transfer.pieces(of: UInt32(clamping: data.count)) {
                try await perform(
                    ManagementEndpointBufferWrite(
                        offset: offset + piece.lowerBound,
                        data: Array(data[Int(piece.lowerBound)..<Int(piece.upperBound)])
                    ),
                    for: call.requester,
                    timeLimit: asked.deadline.left,
                    isWriting: true
                )
            }
        }
    }
}
