/// Makes the blocks of a pcapng file of MCTP messages, which Wireshark and tshark decode.
///
/// The format is the IETF's draft-ietf-opsawg-pcapng, here little-endian throughout. A message becomes one MCTP
/// packet behind the header of Linux cooked captures (LINKTYPE_LINUX_SLL), as the kernel's own captures of
/// MCTP interfaces have it; each network is an interface. The endpoint ID of this machine is not known to the
/// carriers and is written as 0, the null endpoint ID.
public struct PcapngWriter: Sendable {
    /// What a file says of its origin.
    public struct Origin: Sendable {
        /// The machine's hardware.
        public var hardware: String
        /// The operating system.
        public var operatingSystem: String
        /// The program that wrote the file.
        public var application: String
        /// The carrier of the messages.
        public var carrier: String

        /// An origin of its parts.
        public init(
            hardware: String,
            operatingSystem: String,
            application: String,
            carrier: String
        ) {
            self.hardware = hardware
            self.operatingSystem = operatingSystem
            self.application = application
            self.carrier = carrier
        }
    }

    private enum Block {
        static let sectionHeader: UInt32 = 0x0A0D_0D0A
        static let interfaceDescription: UInt32 = 1
        static let enhancedPacket: UInt32 = 6
    }

    private enum OptionCode {
        static let hardware: UInt16 = 2
        static let operatingSystem: UInt16 = 3
        static let application: UInt16 = 4
        static let interfaceName: UInt16 = 2
        static let interfaceDescription: UInt16 = 3
        static let timeResolution: UInt16 = 9
        static let packetFlags: UInt16 = 2
    }

    /// LINKTYPE_LINUX_SLL.
    private static let linkType: UInt16 = 113
    /// ARPHRD_MCTP and ETH_P_MCTP of Linux.
    private static let hardwareType: UInt16 = 290
    private static let etherType: UInt16 = 0x00FA

    private let origin: Origin
    private var interfaces: [NetworkID] = []

    /// A writer of one file.
    public init(_ origin: Origin) {
        self.origin = origin
    }

    /// The beginning of the file.
    public var header: [UInt8] {
        var body = LittleEndianBytes()
        body.append(0x1A2B_3C4D as UInt32)
        // Version 1.0, and a section whose length is not said.
        body.append(1 as UInt16)
        body.append(0 as UInt16)
        body.append(UInt64.max)
        body.appendOption(OptionCode.hardware, text: origin.hardware)
        body.appendOption(OptionCode.operatingSystem, text: origin.operatingSystem)
        body.appendOption(OptionCode.application, text: origin.application)
        body.appendEndOfOptions()
        return body.block(Block.sectionHeader)
    }

    /// The blocks of a message: that of its interface before the first of a network, and its own.
    ///
    /// What is not written to the file in the end must not change the writer: keep a copy of it.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - time: Nanoseconds since 1970 in UTC.
    /// - Returns: The bytes, to be written whole.
    public mutating func record(_ message: CarriedMessage, at time: UInt64) -> [UInt8] {
        var blocks: [UInt8] = []
        let network = message.endpoint.network
        let known = interfaces.firstIndex(of: network)
        if known == nil {
            interfaces.append(network)
            blocks = interfaceBlock(network)
        }
        let number = known ?? interfaces.count - 1
        let isSent = message.direction == .sent

        let packet = Self.packet(message)
        var body = LittleEndianBytes()
        body.append(UInt32(truncatingIfNeeded: number))
        body.append(UInt32(truncatingIfNeeded: time >> 32))
        body.append(UInt32(truncatingIfNeeded: time))
        body.append(UInt32(clamping: packet.count))
        body.append(UInt32(clamping: packet.count - message.bytes.count + message.length))
        body.appendPadded(packet)
        body.appendOption(OptionCode.packetFlags, number: isSent ? 2 : 1)
        body.appendEndOfOptions()
        return blocks + body.block(Block.enhancedPacket)
    }

    private func interfaceBlock(_ network: NetworkID) -> [UInt8] {
        var body = LittleEndianBytes()
        body.append(Self.linkType)
        body.append(0 as UInt16)
        // No limit to the length of a packet.
        body.append(0 as UInt32)
        let name = network == .unspecified ? "mctp" : "mctp net \(network)"
        body.appendOption(OptionCode.interfaceName, text: name)
        body.appendOption(OptionCode.interfaceDescription, text: origin.carrier)
        // Ten to the minus ninth of a second.
        body.appendOption(OptionCode.timeResolution, [9])
        body.appendEndOfOptions()
        return body.block(Block.interfaceDescription)
    }

    /// The message as one packet, with the header of Linux cooked captures, whose numbers are big-endian.
    private static func packet(_ message: CarriedMessage) -> [UInt8] {
        let isSent = message.direction == .sent
        let peer = message.endpoint.endpoint
        let header = PacketHeader(
            destination: isSent ? peer : .null,
            source: isSent ? .null : peer,
            isStart: true,
            isEnd: true,
            sequence: 0,
            tag: message.tag ?? MessageTag(0, isOwner: isSent)
        )
        var packet: [UInt8] = []
        packet.reserveCapacity(20 + message.bytes.count)
        func append(_ number: UInt16) {
            packet.append(UInt8(truncatingIfNeeded: number >> 8))
            packet.append(UInt8(truncatingIfNeeded: number))
        }
        // To this machine, or from it; then no link-layer address.
        append(isSent ? 4 : 0)
        append(hardwareType)
        packet.append(contentsOf: repeatElement(0, count: 10))
        append(etherType)
        return packet + header.bytes + message.bytes
    }
}

/// Bytes of a pcapng block, with its numbers in little-endian order.
private struct LittleEndianBytes {
    private var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes and what is missing to a multiple of four.
    mutating func appendPadded(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
        bytes.append(contentsOf: repeatElement(0, count: (4 - more.count % 4) % 4))
    }

    mutating func appendOption(_ code: UInt16, _ value: some Collection<UInt8>) {
        let value = value.prefix(Int(UInt16.max))
        append(code)
        append(UInt16(clamping: value.count))
        appendPadded(value)
    }

    mutating func appendOption(_ code: UInt16, text: String) {
        if !text.isEmpty { appendOption(code, text.utf8) }
    }

    mutating func appendOption(_ code: UInt16, number: UInt32) {
        append(code)
        append(4 as UInt16)
        append(number)
    }

    mutating func appendEndOfOptions() {
        append(0 as UInt32)
    }

    /// The whole block: its length stands at both ends.
    func block(_ type: UInt32) -> [UInt8] {
        var block = LittleEndianBytes()
        let length = UInt32(clamping: bytes.count + 12)
        block.append(type)
        block.append(length)
        block.bytes += bytes
        block.append(length)
        return block.bytes
    }
}
