internal import NVMeMI

extension Fault {
    /// Spoils an answer the way the fault says; faults that are about time leave it alone.
    func damage(_ sent: inout Outgoing) {
        switch kind {
        case .wrongMIC:
            guard let last = sent.message.indices.last else { return }
            sent.message[last] ^= 0xFF
        case .wrongSlot:
            reseal(&sent) { $0[1] ^= 0x01 }
        case .wrongType:
            reseal(&sent) { $0[0] = messageType }
        case .wrongCategory:
            // The lowest bit of the category turns one into another that exists.
            reseal(&sent) { $0[1] ^= 0x08 }
        case .wrongTag:
            sent.requester.tag = (sent.requester.tag + 1) & 0x07
        case .wrongSource:
            sent.requester.destination =
                sent.requester.destination == 254
                ? 253 : sent.requester.destination + 1
        case .truncated:
            sent.message = Array(sent.message.prefix(Int(bytes)))
        case .short:
            cut(&sent, Int(bytes))
        case .oversize:
            reseal(&sent) { $0 += Array(repeating: 0xA5, count: Int(min(bytes, 0xFFFF))) }
        case .unaligned:
            cut(&sent, sent.message.count.isMultiple(of: 2) ? 1 : 2)
        case .slow, .mute, .lost, .late, .twice, .moreProcessing, .moreProcessingForever, .status,
            .nvmeStatus, .reset:
            break
        }
    }

    /// Takes bytes from the end of the data; the four bytes of the header stay.
    private func cut(_ sent: inout Outgoing, _ count: Int) {
        reseal(&sent) { bytes in
            bytes.removeLast(min(count, bytes.count - MessageHeader.size))
        }
    }

    /// Changes the bytes before the integrity check and computes it anew.
    private func reseal(_ sent: inout Outgoing, _ change: (inout [UInt8]) -> Void) {
        var bytes = ResponseMessage.open(sent.message)
        guard bytes.count >= MessageHeader.size else { return }
        change(&bytes)
        sent.message = ResponseMessage.seal(bytes)
    }
}

extension Fault {
    /// The refusal that the fault wants.
    var refusal: RequestError {
        let status = ManagementStatus(rawValue: status)
        return RequestError(
            status: status,
            parameterErrorLocation: status == .invalidParameter
                ? ParameterErrorLocation(byte: parameterByte, bit: parameterBit) : nil,
            reason: "a fault"
        )
    }
}

extension FaultSet {
    /// The faults that hit a request.
    mutating func take(for request: Request) -> [Fault] {
        guard !isEmpty, let category = FaultCategory(request.category) else { return [] }
        return take(category: category, opcode: request.opcode ?? 0)
    }
}

extension FaultCategory {
    init?(_ category: MessageCategory) {
        switch category {
        case .controlPrimitive: self = .control
        case .managementInterface: self = .management
        case .admin: self = .admin
        case .pcie: self = .pcie
        default: return nil
        }
    }
}
