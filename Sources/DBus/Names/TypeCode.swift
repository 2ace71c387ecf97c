/// The type codes of the D-Bus type system (D-Bus specification, "Summary of types").
///
/// libdbus has them as cast macros, which Swift does not import.
enum TypeCode: UInt8 {
    case byte = 0x79  // y
    case boolean = 0x62  // b
    case int16 = 0x6E  // n
    case uint16 = 0x71  // q
    case int32 = 0x69  // i
    case uint32 = 0x75  // u
    case int64 = 0x78  // x
    case uint64 = 0x74  // t
    case double = 0x64  // d
    case string = 0x73  // s
    case objectPath = 0x6F  // o
    case signature = 0x67  // g
    case fileDescriptor = 0x68  // h
    case array = 0x61  // a
    case variant = 0x76  // v
    /// What libdbus reports for `(...)`.
    case structure = 0x72  // r
    /// What libdbus reports for `{...}`.
    case dictionaryEntry = 0x65  // e

    /// The code as libdbus takes it.
    var raw: Int32 { Int32(rawValue) }

    /// How many bytes of alignment a value of the type has in a message body.
    var alignment: Int {
        switch self {
        case .byte, .signature, .variant: 1
        case .int16, .uint16: 2
        case .boolean, .int32, .uint32, .string, .objectPath, .fileDescriptor, .array: 4
        case .int64, .uint64, .double, .structure, .dictionaryEntry: 8
        }
    }

    /// Whether the type can be the key of a dictionary.
    static func isBasic(_ byte: UInt8) -> Bool {
        switch TypeCode(rawValue: byte) {
        case .byte, .boolean, .int16, .uint16, .int32, .uint32, .int64, .uint64, .double, .string,
            .objectPath, .signature, .fileDescriptor:
            true
        default: false
        }
    }
}
