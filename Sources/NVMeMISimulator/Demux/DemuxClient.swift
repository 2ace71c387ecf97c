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

    /// Whether nothing is read from the client or sent to it.
    var isStalled = false {
        didSet { updateInterest() }
    }

    /// Bytes that may wait for a client that does not read.
    ///
    /// The daemon has no such queue, but neither has it a bus on which fifty drives can answer at
    /// once.
    private static let capacity = 4 << 20

    private var waiting: [[UInt8]] = []
    private var waitingSize = 0

    /// Sends a packet, now or when there is room; `false` when the client is to be dropped.
    func send(_ identifier: UInt8, _ message: [UInt8]) -> Bool {
        let packet = [identifier] + message
        if waiting.isEmpty, !isStalled {
            switch transmit(packet) {
            case .sent: return true
            case .failed: return false
            case .full: break
            }
        }
        waiting.append(packet)
        waitingSize += packet.count
        updateInterest()
        return waitingSize <= Self.capacity
    }

    /// Sends what waits, as far as there is room; `false` when the client is to be dropped.
    func sendWaiting() -> Bool {
        var sent = 0
        defer {
            waiting.removeFirst(sent)
            updateInterest()
        }
        for packet in waiting {
            switch transmit(packet) {
            case .sent:
                sent += 1
                waitingSize -= packet.count
            case .full: return true
            case .failed: return false
            }
        }
        return true
    }

    private func updateInterest() {
        watch?.interest = isStalled ? [] : waiting.isEmpty ? .read : [.read, .write]
    }

    private enum Transmission {
        case sent, full, failed
    }

    private func transmit(_ packet: [UInt8]) -> Transmission {
        let count = packet.withUnsafeBytes { bytes in
            Glibc.send(
                descriptor,
                bytes.baseAddress,
                bytes.count,
                Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            )
        }
        if count == packet.count { return .sent }
        return [EAGAIN, ENOBUFS].contains(errno) ? .full : .failed
    }
}
