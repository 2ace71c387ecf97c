internal import NVMeMI

extension RequestError {
    static func unsupported(_ opcode: UInt8) -> RequestError {
        RequestError(
            status: .invalidCommandOpcode,
            reason: "opcode \(opcode) is not supported"
        )
    }

    /// Invalid Parameter that points at a byte of the request.
    static func parameter(_ byte: UInt16, bit: UInt8 = 0, _ reason: String) -> RequestError {
        RequestError(
            status: .invalidParameter,
            parameterErrorLocation: ParameterErrorLocation(byte: byte, bit: bit),
            reason: reason
        )
    }
}
