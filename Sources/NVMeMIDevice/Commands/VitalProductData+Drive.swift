internal import NVMeMI

/// VPD Read and Write.
extension CommandContext {
    func readVitalProductData(_ command: VPDRead) throws(RequestError) -> [UInt8] {
        guard command.length > 0 else { return [] }
        return Array(
            drive.vitalProductData[try vitalProductDataRange(command.offset, command.length)]
        )
    }

    func writeVitalProductData(_ command: VPDWrite) throws(RequestError) {
        guard !command.data.isEmpty else { return }
        let range = try vitalProductDataRange(
            command.offset,
            UInt16(clamping: command.data.count)
        )
        guard drive.vitalProductDataWrites > 0 else {
            throw RequestError(status: .vpdUpdatesExceeded, reason: "no writes are left")
        }
        drive.vitalProductDataWrites -= 1
        drive.vitalProductData.replaceSubrange(range, with: command.data)
    }

    private func vitalProductDataRange(
        _ offset: UInt16,
        _ length: UInt16
    ) throws(RequestError) -> Range<Int> {
        let size = drive.vitalProductData.count
        guard Int(offset) < size else {
            throw .parameter(8, "offset \(offset) is not below the size \(size)")
        }
        guard Int(offset) + Int(length) <= size else {
            throw .parameter(12, "\(length) bytes at \(offset) reach beyond the size \(size)")
        }
        return Int(offset)..<Int(offset) + Int(length)
    }
}
