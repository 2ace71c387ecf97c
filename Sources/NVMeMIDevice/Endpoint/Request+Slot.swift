internal import NVMeMI

extension Request {
    /// The request as a drive takes it that knows of no second slot.
    var inFirstSlot: Request {
        var header = header
        header.slot = .zero
        var message = bytes
        message.replaceSubrange(0..<MessageHeader.size, with: header.bytes)
        return (try? Request.parse(ResponseMessage.seal(message))) ?? self
    }
}
