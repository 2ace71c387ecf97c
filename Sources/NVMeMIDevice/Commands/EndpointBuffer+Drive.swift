internal import NVMeMI

/// The Management Endpoint Buffer: commands that use it instead of the message for their data, and
/// the commands that read and write it.
extension CommandContext {
    /// Refuses a command whose header asks for the buffer in vain.
    func requireBuffer(_ isSupported: Bool) throws(RequestError) {
        guard isSupported, !endpoint.buffer.isEmpty, drive.has(.endpointBuffer) else {
            throw .parameter(2, "the command cannot use the Management Endpoint Buffer")
        }
    }

    /// Puts the data of a successful answer into the buffer, and returns the answer without it.
    func storeInBuffer(_ answer: [UInt8], headerSize: Int) -> [UInt8] {
        let bytes = ResponseMessage.open(answer)
        let data = bytes.dropFirst(headerSize).prefix(endpoint.buffer.count)
        endpoint.buffer.replaceSubrange(0..<data.count, with: data)
        return ResponseMessage.seal(Array(bytes.prefix(headerSize)))
    }

    func readBuffer(_ command: ManagementEndpointBufferRead) throws(RequestError) -> [UInt8] {
        let range = try bufferRange(command.offset, command.length)
        guard range.count + Response.headerSize <= ManagementEndpoint.maximumMessageSize - 4 else {
            throw .parameter(12, "\(range.count) bytes do not fit into a message")
        }
        return Array(endpoint.buffer[range])
    }

    func writeBuffer(_ command: ManagementEndpointBufferWrite) throws(RequestError) {
        let range = try bufferRange(command.offset, UInt32(clamping: command.data.count))
        endpoint.buffer.replaceSubrange(range, with: command.data)
    }

    private func bufferRange(
        _ offset: UInt32,
        _ length: UInt32
    ) throws(RequestError) -> Range<Int> {
        if endpoint.bufferWasSanitized {
            endpoint.bufferWasSanitized = false
            throw RequestError(
                status: .managementEndpointBufferCleared,
                reason: "a sanitize cleared the buffer"
            )
        }
        guard length > 0 else { return 0..<0 }
        let size = UInt64(endpoint.buffer.count)
        guard UInt64(offset) < size else {
            throw .parameter(8, "offset \(offset) is not below the size \(size)")
        }
        guard UInt64(offset) + UInt64(length) <= size else {
            throw .parameter(12, "\(length) bytes at \(offset) reach beyond the size \(size)")
        }
        return Int(offset)..<Int(offset) + Int(length)
    }
}

extension ManagementEndpoint {
    /// Largest message with its integrity check.
    static let maximumMessageSize = 4_224
}
