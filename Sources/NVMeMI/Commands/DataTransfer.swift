extension ManagementCommand {
    /// The data of a reply that must have so many bytes and may have more behind them.
    func takeData(of reply: ManagementReply, count: Int) throws(DecodingError) -> [UInt8] {
        if reply.data.count < count {
            throw malformed(
                "data",
                expected: byteCount(count),
                got: byteCount(reply.data.count)
            )
        }
        return Array(reply.data.prefix(count))
    }

    /// Refuses more response data than a message can carry.
    func validateTransfer(length: UInt32) throws(ArgumentError) {
        try validateFields()
        let maximum = UInt32(4096)
        if length > maximum {
            throw ArgumentError(
                command: declaration.name,
                field: "data length",
                expected: "at most \(maximum)",
                got: "\(length)"
            )
        }
    }
}

extension DeclaredRequest {
    /// Refuses request data of another length than the request says.
    func checkData(_ data: [UInt8], length: UInt32) throws(RequestError) {
        if data.count != Int(clamping: length) {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(declaration.name): expected \(length) bytes of data, got \(data.count)"
            )
        }
    }
}
