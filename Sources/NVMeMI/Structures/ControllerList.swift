/// A list of controller identifiers: their number, then the identifiers in ascending order.
///
/// The same form in Read NVMe-MI Data Structure (DTYP 02h), Identify (CNS 12h and 13h) and Namespace Attachment. Over
/// NVMe-MI devices send only the entries in use, so the size is any even number from 2 on; in Identify it is 4096.
public struct ControllerList: DataStructure {
    /// The greatest number of identifiers in one list.
    public static let capacity = 2047

    /// The identifiers, ascending.
    public var controllers: [UInt16]

    /// Why a received list has fewer identifiers than it claims; empty when it is as it should be.
    public private(set) var leftOut: [DecodingError] = []

    /// A list of these controllers.
    public init(_ controllers: [UInt16] = []) { self.controllers = controllers }

    /// Decodes the identifiers that are there and ascend; bytes behind the last one are ignored.
    ///
    /// The number of identifiers that the list claims is not believed beyond what it holds and can hold, and the list ends
    /// at the first identifier that is not greater than the one before: `leftOut` tells both.
    ///
    /// - Throws: `DecodingError` when not even the number of identifiers is there.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Controller List")
        let count = Int(try reader.read(UInt16.self, "number of identifiers"))
        let available = min(reader.remaining / 2, Self.capacity)
        controllers = []
        if count > available {
            leftOut.append(
                reader.oddity(
                    "number of identifiers",
                    offset: 0,
                    expected: "at most \(available)",
                    got: "\(count)"
                )
            )
        }
        for index in 0..<min(count, available) {
            let controller = try reader.read(UInt16.self, "identifier \(index)")
            if let last = controllers.last, controller <= last {
                leftOut.append(.notAscending(in: reader, index, after: last, got: controller))
                break
            }
            controllers.append(controller)
        }
    }

    /// The list without unused entries; identifiers beyond the capacity are left out.
    public var data: [UInt8] {
        let controllers = controllers.prefix(Self.capacity)
        var writer = ByteWriter(capacity: 2 + 2 * controllers.count)
        writer.append(UInt16(controllers.count))
        for controller in controllers { writer.append(controller) }
        return writer.bytes
    }

    /// The list filled with zeroes to 4096 bytes, as Admin commands have it.
    public var paddedData: [UInt8] {
        let data = data
        return data + Array(repeating: 0, count: 4096 - data.count)
    }

    /// Equal when the identifiers are.
    public static func == (left: Self, right: Self) -> Bool {
        left.controllers == right.controllers
    }

    /// The identifiers.
    public var namedValues: [NamedValue] {
        [("Controllers", .list(controllers.map(\.fieldValue)))]
    }
}
