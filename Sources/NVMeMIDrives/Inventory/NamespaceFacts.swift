import NVMeMI

/// What is kept of a namespace: what is published.
public struct NamespaceFacts: Equatable, Sendable {
    /// In bytes, without metadata; the largest number when it is larger.
    public var size: UInt64
    /// The most that may be allocated, in bytes.
    public var capacity: UInt64
    /// What is allocated, in bytes.
    public var utilization: UInt64
    /// The size of a logical block in bytes, without metadata.
    public var blockSize: UInt32
    /// Bytes of metadata for each logical block.
    public var metadataSize: UInt16
    /// Whether it is write protected at present.
    public var isWriteProtected: Bool
    /// Percent that remain of a format that is in progress; nil when the controller does not tell.
    public var percentToFormat: UInt8?
    /// In hexadecimal digits, or empty.
    public var nguid: String
    /// In hexadecimal digits, or empty.
    public var eui64: String
    /// In hexadecimal digits and hyphens, or empty.
    public var uuid: String

    init(_ identity: IdentifyNamespace) {
        let block = identity.format?.dataSize ?? 0
        func bytes(_ blocks: UInt64) -> UInt64 {
            let (bytes, overflow) = blocks.multipliedReportingOverflow(by: block)
            return overflow ? .max : bytes
        }
        size = bytes(identity.size)
        capacity = bytes(identity.capacity)
        utilization = bytes(identity.utilization)
        blockSize = UInt32(clamping: block)
        metadataSize = identity.format?.metadataSize ?? 0
        isWriteProtected = identity.isWriteProtected
        percentToFormat =
            identity.isFormatProgressSupported ? identity.formatPercentageRemaining : nil
        nguid = Self.text("NGUID", in: identity.namedValues)
        eui64 = Self.text("EUI64", in: identity.namedValues)
        uuid = ""
    }

    /// Takes over the identifiers that the descriptors tell; what they do not tell stays.
    mutating func take(_ descriptors: NamespaceDescriptors) {
        let values = descriptors.namedValues
        for (name, place) in [
            ("NGUID", \NamespaceFacts.nguid), ("EUI64", \.eui64), ("UUID", \.uuid),
        ] {
            let text = Self.text(name, in: values)
            if !text.isEmpty { self[keyPath: place] = text }
        }
    }

    private static func text(_ name: String, in values: [NamedValue]) -> String {
        guard case .text(let text)? = values[name] else { return "" }
        return text
    }
}
