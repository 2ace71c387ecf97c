import DBus
import EventLoop

/// Reading the whole image of Vital Product Data.
enum VPDImage {
    /// Bytes that one VPD Read asks for.
    private static let piece: UInt16 = 256

    /// Reads so many bytes, or as many as the drive has: it refuses what lies beyond.
    @LoopActor
    static func read(_ path: String, length: UInt16?, _ client: Client) async throws -> [UInt8] {
        var image: [UInt8] = []
        var piece = min(self.piece, length ?? self.piece)
        while piece > 0, image.count < Int(length ?? .max) {
            do {
                let reply = try await client.call(
                    path,
                    "Endpoint1",
                    "VPDRead",
                    [UInt16(image.count), piece]
                )
                image += try reply.read([UInt8].self)
                if let length { piece = min(piece, UInt16(clamping: Int(length) - image.count)) }
            } catch let error where length == nil && (piece > 1 || !image.isEmpty) {
                // Nothing tells how much there is, but that more is refused.
                guard Failure(error).status == .failed else { throw error }
                piece /= 2
            }
        }
        return image
    }
}
