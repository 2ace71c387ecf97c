import NVMeMI
import NVMeMIClient

extension Endpoint {
    /// Bytes of Vital Product Data that one message carries.
    private static let pieceSize = 4096

    /// Reads the whole image of the Vital Product Data, however long it says that it is.
    ///
    /// What lies behind the end that the drive allows is left out; decoding tells what is missing then.
    ///
    /// - Throws: `DriveError`.
    public func productData(for requester: Requester) async throws(DriveError) -> [UInt8] {
        var image: [UInt8] = []
        var room = Self.pieceSize
        while true {
            let wanted = min(ProductData.length(after: image), Int(UInt16.max))
            guard image.count < wanted else { return image }
            let length = min(wanted - image.count, room)
            do {
                image += try await perform(
                    VPDRead(offset: UInt16(image.count), length: UInt16(length)),
                    for: requester
                )
            } catch {
                guard !image.isEmpty, case .command(let failure) = error,
                    case .device = failure.error
                else { throw error }
                // The image says that it is longer than it is: what there is comes in smaller pieces.
                room = length / 2
                if room == 0 { return image }
            }
        }
    }
}
