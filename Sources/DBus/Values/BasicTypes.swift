extension Bool: DBusBasicType {
    /// `b`.
    public static var signature: Signature { Signature(unchecked: "b") }

    /// Appends the truth value, which is 32 bits wide in libdbus.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(UInt32(self ? 1 : 0), as: .boolean)
    }

    /// Reads the truth value.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Bool {
        try reader.read(.boolean, into: UInt32(0)) != 0
    }

    /// The truth value as `boolean`.
    public var dbusValue: Value { .boolean(self) }

    /// The truth value that a `boolean` holds.
    public static func decode(_ value: Value) -> Bool? {
        if case .boolean(let truth) = value { truth } else { nil }
    }
}

extension String: DBusBasicType {
    /// `s`.
    public static var signature: Signature { Signature(unchecked: "s") }

    /// Appends the text.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(self)
    }

    /// Reads the text.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> String {
        try reader.text(.string)
    }

    /// The text as `string`.
    public var dbusValue: Value { .string(self) }

    /// The text that a `string` holds.
    public static func decode(_ value: Value) -> String? {
        if case .string(let text) = value { text } else { nil }
    }
}

extension ObjectPath: DBusBasicType {
    /// `o`.
    public static var signature: Signature { Signature(unchecked: "o") }

    /// Appends the path.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(text: string, as: .objectPath)
    }

    /// Reads the path.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> ObjectPath {
        ObjectPath(unchecked: try reader.text(.objectPath))
    }

    /// The path as `objectPath`.
    public var dbusValue: Value { .objectPath(self) }

    /// The path that a `objectPath` holds.
    public static func decode(_ value: Value) -> ObjectPath? {
        if case .objectPath(let path) = value { path } else { nil }
    }
}

extension Signature: DBusBasicType {
    /// `g`.
    public static var signature: Signature { Signature(unchecked: "g") }

    /// Appends the signature.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(text: string, as: .signature)
    }

    /// Reads the signature.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Signature {
        Signature(unchecked: try reader.text(.signature))
    }

    /// The signature as `signature`.
    public var dbusValue: Value { .signature(self) }

    /// The signature that a `signature` holds.
    public static func decode(_ value: Value) -> Signature? {
        if case .signature(let signature) = value { signature } else { nil }
    }
}

extension FileDescriptorHandle: DBusBasicType {
    /// `h`.
    public static var signature: Signature { Signature(unchecked: "h") }

    /// Appends the descriptor.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(self)
    }

    /// Reads the descriptor.
    public static func read(
        from reader: inout MessageReader
    ) throws(DBusError) -> FileDescriptorHandle {
        try reader.fileDescriptor()
    }

    /// The descriptor as `fileDescriptor`.
    public var dbusValue: Value { .fileDescriptor(self) }

    /// The descriptor that a `fileDescriptor` holds.
    public static func decode(_ value: Value) -> FileDescriptorHandle? {
        if case .fileDescriptor(let descriptor) = value { descriptor } else { nil }
    }
}
