/// One field of a `FieldTable`, in numbers: the place on the wire, the place in memory, the width, the presentation.
///
/// It is the same for all structures, so that one loop, which is generic over nothing, reads, writes and shows them all.
public struct FieldEntry: Sendable {
    /// The name.
    let name: String
    /// First bit on the wire, counted little-endian from bit 0 of byte 0.
    let firstBit: UInt16
    /// Number of bits on the wire; 0 for a value that is derived from other fields.
    let bitCount: UInt16
    /// Offset in bytes of the property in the structure in memory; `nowhere` when there is none.
    let memory: UInt16
    /// What the property is.
    let storage: FieldStorage
    /// How it appears among the named values.
    let shown: Shown
    /// A number for what is shown, or the value of a constant.
    let parameter: UInt32
    /// The type of a number, which knows the names of its codes or bits.
    let type: (any WireScalar.Type)?
    /// What numbers cannot say.
    let code: FieldCode?

    /// The place in memory of what is not a stored property.
    static let nowhere: UInt16 = .max

    // Inlined, so that a declaration becomes constants: what a key path points at is known to the compiler.
    @inline(__always)
    init(
        _ name: String,
        firstBit: Int,
        bitCount: Int,
        memory: Int?,
        storage: FieldStorage,
        shown: Shown = .hidden,
        parameter: UInt32 = 0,
        type: (any WireScalar.Type)? = nil,
        code: FieldCode? = nil
    ) {
        self.name = name
        self.firstBit = UInt16(firstBit)
        self.bitCount = UInt16(bitCount)
        self.memory = memory.map { UInt16($0) } ?? Self.nowhere
        self.storage = storage
        self.shown = shown
        self.parameter = parameter
        self.type = type
        self.code = code
    }

    /// The byte on the wire in which the field begins.
    var firstByte: Int { Int(firstBit) / 8 }

    /// The number of bytes on the wire that the field touches.
    var byteCount: Int { (Int(firstBit) % 8 + Int(bitCount) + 7) / 8 }

    /// The first byte on the wire behind the field.
    var end: Int { (Int(firstBit) + Int(bitCount) + 7) / 8 }

    /// Ones where the field can have them, at bit 0.
    var mask: UInt128 { bitCount >= 128 ? .max : (1 &<< UInt128(bitCount)) &- 1 }

    /// True when the wire has all bits of the property and none of the field's bytes has others.
    var isWhole: Bool { firstBit & 7 == 0 && Int(bitCount) == storage.byteCount * 8 }

    /// Name and place.
    var description: FieldDescription {
        FieldDescription(name: name, firstBit: Int(firstBit), bitCount: Int(bitCount))
    }
}

/// What the property of a field is.
enum FieldStorage: UInt8 {
    /// A number of one byte, or a type that consists of one.
    case unsigned8
    /// A number of two bytes, or a type that consists of one.
    case unsigned16
    /// A number of four bytes, or a type that consists of one.
    case unsigned32
    /// A number of eight bytes, or a type that consists of one.
    case unsigned64
    /// A number of sixteen bytes, or a type that consists of one.
    case unsigned128
    /// A yes or no.
    case boolean
    /// Text, filled with spaces on the wire.
    case ascii
    /// Text, filled with spaces on the wire, or zeros when it is empty.
    case asciiOrZeros
    /// Text, ended with NUL on the wire.
    case utf8
    /// Bytes.
    case bytes
    /// Numbers of two bytes.
    case words
    /// Nothing: the wire always has the entry's parameter.
    case constant
    /// Whatever the entry's code makes of it.
    case code
    /// Nothing: it is derived from other fields.
    case derived

    /// The storage of a type of numbers.
    @inline(__always)
    init<Value: WireScalar>(of type: Value.Type) {
        switch MemoryLayout<Value>.size {
        case 1: self = Value.self == Bool.self ? .boolean : .unsigned8
        case 2: self = .unsigned16
        case 4: self = .unsigned32
        case 8: self = .unsigned64
        default: self = .unsigned128
        }
    }

    /// Bytes in memory of a number; 0 for all else.
    var byteCount: Int { isNumber ? 1 << Int(rawValue) : 0 }

    /// True for numbers; a yes or no has fewer bits than its byte.
    var isNumber: Bool { rawValue <= FieldStorage.unsigned128.rawValue }
}

/// What numbers cannot say of a field.
///
/// Pointers are those of a structure, or of a property where it says so.
indirect enum FieldCode: Sendable {
    /// Shows the property, or a value that is derived from the structure; nil leaves it out.
    case show(@Sendable (UnsafeRawPointer) -> FieldValue?)
    /// Gets and sets a number that is not stored.
    case accessor(
        get: @Sendable (UnsafeRawPointer) -> UInt128,
        set: @Sendable (UnsafeMutableRawPointer, UInt128) -> Void
    )
    /// Other structures; reading and writing get the offset of the field in the bytes.
    case structures(
        read: @Sendable (UnsafeMutableRawPointer, ByteReader, Int) throws(DecodingError) -> Void,
        write: @Sendable (UnsafeRawPointer, inout ByteWriter, Int) -> Void,
        show: @Sendable (UnsafeRawPointer) -> [NamedValue]
    )
}
