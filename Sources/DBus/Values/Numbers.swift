/// A number: its memory is what libdbus takes and gives, single or as an array in one piece.
protocol DBusNumber: DBusBasicType, BitwiseCopyable, ExpressibleByIntegerLiteral {
    static var typeCode: TypeCode { get }
}

extension DBusNumber {
    /// The signature of the number.
    public static var signature: Signature {
        Signature(unchecked: String(UnicodeScalar(typeCode.rawValue)))
    }

    /// Appends the number.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.append(self, as: Self.typeCode)
    }

    /// Reads the number.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Self {
        try reader.read(typeCode, into: 0)
    }

    /// Appends the numbers in one piece.
    public static func append(
        _ elements: [Self],
        to writer: inout MessageWriter
    ) throws(DBusError) {
        try writer.append(contentsOf: elements, as: typeCode)
    }

    /// Reads the numbers in one piece.
    public static func readArray(from reader: inout MessageReader) throws(DBusError) -> [Self] {
        try reader.array(of: typeCode, Self.self)
    }
}

extension UInt8: DBusNumber {
    static var typeCode: TypeCode { .byte }

    /// The number as `byte`.
    public var dbusValue: Value { .byte(self) }

    /// The number that a `byte` holds.
    public static func decode(_ value: Value) -> UInt8? {
        if case .byte(let number) = value { number } else { nil }
    }

    /// The bytes as `bytes`.
    public static func dbusValue(of elements: [UInt8]) -> Value { .bytes(elements) }

    /// The bytes that `bytes` holds.
    public static func decodeArray(_ value: Value) -> [UInt8]? {
        if case .bytes(let bytes) = value { bytes } else { nil }
    }
}

extension Int16: DBusNumber {
    static var typeCode: TypeCode { .int16 }

    /// The number as `int16`.
    public var dbusValue: Value { .int16(self) }

    /// The number that a `int16` holds.
    public static func decode(_ value: Value) -> Int16? {
        if case .int16(let number) = value { number } else { nil }
    }
}

extension UInt16: DBusNumber {
    static var typeCode: TypeCode { .uint16 }

    /// The number as `uint16`.
    public var dbusValue: Value { .uint16(self) }

    /// The number that a `uint16` holds.
    public static func decode(_ value: Value) -> UInt16? {
        if case .uint16(let number) = value { number } else { nil }
    }
}

extension Int32: DBusNumber {
    static var typeCode: TypeCode { .int32 }

    /// The number as `int32`.
    public var dbusValue: Value { .int32(self) }

    /// The number that a `int32` holds.
    public static func decode(_ value: Value) -> Int32? {
        if case .int32(let number) = value { number } else { nil }
    }
}

extension UInt32: DBusNumber {
    static var typeCode: TypeCode { .uint32 }

    /// The number as `uint32`.
    public var dbusValue: Value { .uint32(self) }

    /// The number that a `uint32` holds.
    public static func decode(_ value: Value) -> UInt32? {
        if case .uint32(let number) = value { number } else { nil }
    }
}

extension Int64: DBusNumber {
    static var typeCode: TypeCode { .int64 }

    /// The number as `int64`.
    public var dbusValue: Value { .int64(self) }

    /// The number that a `int64` holds.
    public static func decode(_ value: Value) -> Int64? {
        if case .int64(let number) = value { number } else { nil }
    }
}

extension UInt64: DBusNumber {
    static var typeCode: TypeCode { .uint64 }

    /// The number as `uint64`.
    public var dbusValue: Value { .uint64(self) }

    /// The number that a `uint64` holds.
    public static func decode(_ value: Value) -> UInt64? {
        if case .uint64(let number) = value { number } else { nil }
    }
}

extension Double: DBusNumber {
    static var typeCode: TypeCode { .double }

    /// The number as `double`.
    public var dbusValue: Value { .double(self) }

    /// The number that a `double` holds.
    public static func decode(_ value: Value) -> Double? {
        if case .double(let number) = value { number } else { nil }
    }
}
