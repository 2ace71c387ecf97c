/// Vital Product Data: an image in the format of IPMI's FRU information, as VPD Read returns it and the EEPROM holds it.
///
/// What is wrong is told and not believed to be fatal: an area with a wrong checksum is decoded with `ChecksumValid` false,
/// one that does not lie within the bytes is left out.
public enum ProductData {
    /// The bytes of the common header.
    public static let headerSize = 8

    /// The greatest image: offsets count in units of 8 bytes, and records have 16 bits for where they are.
    public static let maximumSize = 0x1_0000

    /// Bytes that the image has as far as is known from its beginning.
    ///
    /// An image is read whole when no more are wanted than there are. Never more than `maximumSize`.
    public static func length(after image: [UInt8]) -> Int {
        min(end(after: image), maximumSize)
    }

    private static func end(after image: [UInt8]) -> Int {
        let view = RecordView(image)
        guard view.count >= headerSize else { return headerSize }
        var end = headerSize
        for (_, place) in areas(view) {
            // The length of an area is in its second byte.
            guard place + 2 <= view.count else { return place + 2 }
            end = max(end, place + 8 * view.int(at: place + 1, 1))
        }
        var place = view.int(at: 5, 1) * 8
        while place > 0, place < maximumSize {
            guard place + MultiRecord.headerSize <= view.count else {
                return max(end, place + MultiRecord.headerSize)
            }
            let isLast = view.number(at: place + 1, 1) & 0x80 != 0
            place += MultiRecord.headerSize + view.int(at: place + 2, 1)
            end = max(end, place)
            if isLast { break }
        }
        return end
    }

    /// Decodes an image.
    ///
    /// - Parameter image: The bytes from the common header on.
    /// - Returns: The common header, the product information and the records, and what was left out of them.
    /// - Throws: `DecodingError` when there is no common header.
    public static func decode(_ image: [UInt8]) throws(DecodingError) -> DecodedData {
        let header = Record("VPD Common Header", size: headerSize) {
            Item("FormatVersion", at: 0, bits: 0...3)
            Item(derived: "ChecksumValid") { .boolean(hasChecksum($0.bytes(at: 0, headerSize))) }
        }
        var decoded = try header.decode(image)
        let view = RecordView(ByteReader(image, subject: "Vital Product Data"))
        for (name, place) in areas(view) {
            let size = 8 * view.int(at: place + 1, 1)
            guard place + 2 <= view.count, size > 0, size <= view.count - place else {
                decoded.leftOut.append(
                    view.reader.oddity(
                        name,
                        offset: place,
                        expected: "an area of \(byteCount(max(size, 8)))",
                        got: "\(byteCount(max(0, view.count - place))) before the end"
                    )
                )
                continue
            }
            let area = view.bytes(at: place, size)
            let values = name == productName ? ProductInformation.values(of: area) : []
            decoded.values.append(
                (name, .dictionary([("ChecksumValid", .boolean(hasChecksum(area)))] + values))
            )
        }
        let (records, leftOut) = MultiRecord.decode(view, from: view.int(at: 5, 1) * 8)
        if !records.isEmpty { decoded.values.append(("Records", .list(records))) }
        decoded.leftOut += leftOut
        return decoded
    }

    /// True when all bytes add up to a multiple of 256.
    static func hasChecksum(_ bytes: [UInt8]) -> Bool { bytes.reduce(0) { $0 &+ $1 } == 0 }

    private static let productName = "ProductInformation"

    /// The areas that have a length, and where they begin.
    private static func areas(_ view: RecordView) -> [(name: String, place: Int)] {
        [("ChassisInformation", 2), ("BoardInformation", 3), (productName, 4)]
            .map { ($0.0, view.int(at: $0.1, 1) * 8) }
            .filter { $0.1 > 0 }
    }
}
