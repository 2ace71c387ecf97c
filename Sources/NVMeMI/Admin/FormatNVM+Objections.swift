extension FormatNVM {
    /// The namespace identifier that stands for all.
    public static let allNamespaces: UInt32 = 0xFFFF_FFFF

    /// Why a controller does not carry out the command, or would do more than it says, as far as it tells
    /// beforehand.
    ///
    /// - Parameters:
    ///   - attributes: What Identify Controller says (FNA).
    ///   - namespaceCount: How many namespaces there are.
    /// - Returns: The reason in words; nil when nothing speaks against it.
    public func objection(by attributes: FormatAttributes, namespaceCount: Int) -> String? {
        if erase == .cryptographic, !attributes.contains(.cryptoErase) {
            return "FormatAttributes of Identify Controller does not have CryptoErase"
        }
        guard namespace != Self.allNamespaces else {
            return attributes.contains(.broadcastNotSupported)
                ? "FormatAttributes of Identify Controller has BroadcastNotSupported: namespaces are formatted one by one"
                : nil
        }
        guard namespaceCount > 1 else { return nil }
        return concernsAll(by: attributes)
            ? "the controller formats all \(namespaceCount) namespaces, whichever is named (FormatAttributes); "
                + "namespace \(Self.allNamespaces) says that this is meant" : nil
    }

    /// Whether all namespaces of the NVM subsystem are formatted, attached or not, whichever is named.
    ///
    /// - Parameter attributes: What Identify Controller says (FNA).
    /// - Returns: Whether it is so.
    public func concernsAll(by attributes: FormatAttributes) -> Bool {
        attributes.contains(.formatAllNamespaces)
            || erase != .none && attributes.contains(.eraseAllNamespaces)
    }

    /// Why a namespace cannot have the format, as it says itself.
    ///
    /// - Parameter identity: Identify Namespace of it, or of what all have in common.
    /// - Returns: The reason in words; nil when nothing speaks against it.
    public func objection(by identity: IdentifyNamespace) -> String? {
        let formats = identity.supportedFormats
        guard formats.indices.contains(Int(formatIndex)),
            formats[Int(formatIndex)].dataSize != nil
        else {
            return "there is no LBA format \(formatIndex); there are \(Self.list(of: formats))"
        }
        let metadata = formats[Int(formatIndex)].metadataSize
        if isMetadataInterleaved || metadata > 0 {
            let needed: UInt8 = isMetadataInterleaved ? 0x01 : 0x02
            // Nothing is said by those that say nothing.
            if identity.metadataCapabilities != 0, identity.metadataCapabilities & needed == 0 {
                return "metadata is not transferred "
                    + (isMetadataInterleaved
                        ? "behind the data of each block" : "apart from the data")
                    + " (MetadataCapabilities)"
            }
        }
        guard protectionType != 0 else {
            return isProtectionFirst ? "without protection it has no place" : nil
        }
        guard protectionType <= 3 else { return "protection is 0 for none, or type 1 to 3" }
        guard identity.protectionCapabilities & 1 << (protectionType - 1) != 0 else {
            return "there is no protection of type \(protectionType) (ProtectionCapabilities)"
        }
        let place: UInt8 = isProtectionFirst ? 0x08 : 0x10
        guard identity.protectionCapabilities & place != 0 else {
            return "protection is not transferred as the "
                + (isProtectionFirst ? "first" : "last")
                + " of the metadata (ProtectionCapabilities)"
        }
        return metadata >= 8
            ? nil
            : "LBA format \(formatIndex) has \(metadata) bytes of metadata; protection takes 8"
    }

    /// The index of the format with blocks and metadata of a size, the fastest where there are several; nil when there
    /// is none.
    public static func formatIndex(
        blockSize: UInt64,
        metadataSize: UInt16,
        in identity: IdentifyNamespace
    ) -> UInt8? {
        let formats = identity.supportedFormats
        let fitting = formats.indices.filter {
            formats[$0].dataSize == blockSize && formats[$0].metadataSize == metadataSize
        }
        return fitting.min {
            (formats[$0].relativePerformance, $0) < (formats[$1].relativePerformance, $1)
        }
        .map { UInt8(clamping: $0) }
    }

    /// Formats in words, such as `0 (512 bytes), 1 (4096 bytes with 8 of metadata)`.
    public static func list(of formats: ArraySlice<LBAFormat>) -> String {
        let texts = formats.indices.compactMap { index -> String? in
            guard let size = formats[index].dataSize else { return nil }
            let metadata = formats[index].metadataSize
            return "\(index) (\(size) bytes"
                + (metadata == 0 ? ")" : " with \(metadata) of metadata)")
        }
        return texts.isEmpty ? "none" : texts.joined(separator: ", ")
    }
}
