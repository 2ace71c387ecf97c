/// Builds the image of a drive's VPD device: IPMI FRU information with NVMe records.
enum VitalProductData {
    /// The image that follows from a description.
    static func image(of drive: DriveDescription) -> [UInt8] {
        let product = productArea(of: drive)
        // Format version, then offsets in units of 8 bytes: internal use, chassis, board, product
        // information and multirecord area; 0 where there is none.
        var header: [UInt8] = [0x01, 0, 0, 0, 1, UInt8(1 + product.count / 8), 0]
        header.append(checksum(header))
        var image = header + product
        let ports = drive.ports.filter { $0.kind == .pcie }
        image += record(type: 0x0B, isLast: ports.isEmpty, driveRecord(of: drive))
        for (index, port) in ports.enumerated() {
            image += record(
                type: 0x0C,
                isLast: index == ports.count - 1,
                portRecord(of: port)
            )
        }
        return image
    }

    private static func productArea(of drive: DriveDescription) -> [UInt8] {
        var area: [UInt8] = [0x01, 0, 0x19]
        let fields: [(String, Int)] = [
            ("SIMULATE", 8), ("NVMe drive", 24), (drive.modelNumber, 40), ("01", 2),
            (drive.serialNumber, 20), ("", 0), ("", 0),
        ]
        for (text, size) in fields {
            // Type 3 is text of one byte a character.
            area.append(0xC0 | UInt8(size))
            area += padded(text, size)
        }
        area.append(0xC1)
        while area.count % 8 != 7 { area.append(0) }
        area[1] = UInt8((area.count + 1) / 8)
        area.append(checksum(area))
        return area
    }

    private static func driveRecord(of drive: DriveDescription) -> [UInt8] {
        var data = [UInt8](repeating: 0, count: 59)
        // Initial and highest 12 V power in watts, and the thermal load.
        data[16] = 10
        data[17] = 25
        data[18] = 25
        for index in 0..<8 {
            data[19 + index] = UInt8(truncatingIfNeeded: drive.capacity >> (8 * index))
        }
        return data
    }

    private static func portRecord(of port: PortDescription) -> [UInt8] {
        [
            0, port.pciePortNumber, 0, port.supportedLinkSpeeds, port.maximumLinkWidth,
            port.isManaged ? 1 : 0, 0, port.number, 0, 0, 0,
        ]
    }

    private static func record(type: UInt8, isLast: Bool, _ data: [UInt8]) -> [UInt8] {
        var header: [UInt8] = [
            type, isLast ? 0x82 : 0x02, UInt8(data.count), checksum(data),
        ]
        header.append(checksum(header))
        return header + data
    }

    /// The byte that makes the sum of all 0.
    private static func checksum(_ bytes: [UInt8]) -> UInt8 {
        0 &- bytes.reduce(0, &+)
    }

    private static func padded(_ text: String, _ size: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(size))
        return bytes + Array(repeating: 0x20, count: size - bytes.count)
    }
}
