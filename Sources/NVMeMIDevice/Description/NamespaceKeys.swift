extension NamespaceDescription {
    /// The keys of a `[namespace N]` section.
    public static let keys: [DescriptionKey<NamespaceDescription>] = [
        .bytes("size", \.size, "size, with a unit such as GB or TiB"),
        .integer("utilization", \.utilization, in: 0...100, "part in use, %"),
        .integer("format", \.format, in: 0...15, "index of the logical block format"),
        .boolean("shared", \.isShared, "several controllers may be attached"),
        DescriptionKey("controllers", "controllers it is attached to, or all, or none") {
            (namespace, text) throws(ValueError) in
            switch text {
            case "all": namespace.controllers = nil
            case "none": namespace.controllers = []
            default:
                var controllers: [UInt16] = []
                for item in TextValue.list(text) {
                    controllers.append(try ValueError.integer(item))
                }
                namespace.controllers = controllers
            }
        },
        .boolean("write-protected", \.isWriteProtected, "writing is refused"),
        identifier("eui64", \.eui64, length: 8, "EUI-64, 8 bytes in hexadecimal"),
        identifier("nguid", \.nguid, length: 16, "NGUID, 16 bytes in hexadecimal"),
        DescriptionKey("uuid", "UUID") { (namespace, text) throws(ValueError) in
            namespace.uuid = try DriveDescription.uuid(text)
        },
    ]

    private static func identifier(
        _ name: String,
        _ path: any WritableKeyPath<NamespaceDescription, [UInt8]?> & Sendable,
        length: Int,
        _ documentation: String
    ) -> DescriptionKey<NamespaceDescription> {
        DescriptionKey(name, documentation) { (namespace, text) throws(ValueError) in
            guard let bytes = TextValue.bytes(text, ignoring: "-:"), bytes.count == length else {
                throw ValueError("'\(text)' is not \(length) hexadecimal bytes")
            }
            namespace[keyPath: path] = bytes
        }
    }
}
