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
}
