internal import EventLoop
internal import Glibc

/// A connection to the demultiplexer.
@LoopActor
final class DemuxClient {
    let descriptor: Int32
    var watch: Watch?
    /// Message type it registered for, compared with the whole first byte of messages.
    var type: UInt8?

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Sends a packet; `false` when the client does not take it.
    func send(_ identifier: UInt8, _ message: [UInt8]) -> Bool {
        let packet = [identifier] + message
        let sent = packet.withUnsafeBytes { bytes in
            Glibc.send(
                descriptor,
                bytes.baseAddress,
                bytes.count,
                Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            )
        }
        return sent == packet.count
    }
}
