/// The fields of a structure, which is known by its address alone.
///
/// Addresses are those of a whole structure of the type that the fields were declared for: `Layout` sees to that.
final class FieldTable: Sendable {
    /// What the structure is called in errors.
    let name: String
    /// Size in bytes on the wire.
    let size: Int
    /// The fields in the order of declaration.
    let entries: [FieldEntry]
    /// Those of them whose reading can be refused: constants, and what has code.
    let refusable: [FieldEntry]

    /// Declares a structure.
    ///
    /// - Precondition: every field lies within `size`, and its property is stored.
    init(_ name: String, size: Int, _ entries: [FieldEntry]) {
        self.name = name
        self.size = size
        self.entries = entries
        for entry in entries {
            precondition(
                entry.end <= size,
                "\(name): \(entry.name) lies beyond the \(size) bytes"
            )
            precondition(
                entry.memory != FieldEntry.nowhere,
                "\(name): \(entry.name) is no stored property"
            )
        }
        refusable = entries.filter { $0.storage == .code || $0.storage == .constant }
    }

    /// Names and places of the fields that occupy bytes.
    var descriptions: [FieldDescription] { entries.map(\.description).filter { $0.bitCount > 0 } }

    /// The first field whose value needs more bits than it has on the wire, and would lose some by writing.
    func overflow(in structure: UnsafeRawPointer) -> FieldOverflow? {
        for entry in entries {
            let value: UInt128
            switch (entry.storage, entry.code) {
            case (.code, .accessor(let get, _)): value = get(structure)
            case (let storage, _) where storage.isNumber && !entry.isWhole:
                value = storage.load(from: structure + Int(entry.memory))
            default: continue
            }
            if value & ~entry.mask != 0 {
                return FieldOverflow(field: entry.description, value: value)
            }
        }
        return nil
    }
}

extension FieldStorage {
    /// The number, or the yes or no, at an address.
    func load(from address: UnsafeRawPointer) -> UInt128 {
        switch self {
        case .unsigned8: UInt128(address.load(as: UInt8.self))
        case .unsigned16: UInt128(address.load(as: UInt16.self))
        case .unsigned32: UInt128(address.load(as: UInt32.self))
        case .unsigned64: UInt128(address.load(as: UInt64.self))
        case .unsigned128: address.load(as: UInt128.self)
        case .boolean: address.load(as: Bool.self) ? 1 : 0
        default: 0
        }
    }

    /// Stores the low bits of a number at an address.
    func store(_ number: UInt128, to address: UnsafeMutableRawPointer) {
        switch self {
        case .unsigned8: address.storeBytes(of: UInt8(truncatingIfNeeded: number), as: UInt8.self)
        case .unsigned16:
            address.storeBytes(of: UInt16(truncatingIfNeeded: number), as: UInt16.self)
        case .unsigned32:
            address.storeBytes(of: UInt32(truncatingIfNeeded: number), as: UInt32.self)
        case .unsigned64:
            address.storeBytes(of: UInt64(truncatingIfNeeded: number), as: UInt64.self)
        case .unsigned128: address.storeBytes(of: number, as: UInt128.self)
        case .boolean: address.storeBytes(of: number != 0, as: Bool.self)
        default: break
        }
    }
}
