internal import CDBus
internal import Glibc

extension Message {
    /// Whether the path of the message is no longer than that many bytes; the other names of a header
    /// have 255 at most.
    func hasPath(upTo maximum: Int) -> Bool {
        guard let path = dbus_message_get_path(raw) else { return true }
        return strnlen(path, maximum + 1) <= maximum
    }

    /// How many bytes the arguments take together, roughly; nil when that is more than `maximum`.
    ///
    /// Looks at them where they are: none is copied.
    func argumentSize(upTo maximum: Int) -> Int? {
        var iterator = DBusMessageIter()
        guard dbus_message_iter_init(raw, &iterator) != 0 else { return 0 }
        var rest = maximum
        return Self.measure(&iterator, &rest) ? maximum - rest : nil
    }

    /// Takes the sizes of all values from here on off `rest`; false as soon as it does not suffice.
    private static func measure(_ iterator: inout DBusMessageIter, _ rest: inout Int) -> Bool {
        while true {
            let code = dbus_message_iter_get_arg_type(&iterator)
            guard let type = TypeCode(rawValue: UInt8(truncatingIfNeeded: code)) else {
                return true
            }
            rest -= max(type.alignment, 4)
            guard rest >= 0 else { return false }
            switch type {
            case .string, .objectPath, .signature:
                var characters: UnsafePointer<CChar>?
                dbus_message_iter_get_basic(&iterator, &characters)
                if let characters { rest -= strnlen(characters, rest + 1) }
            case .array:
                guard measureArray(&iterator, &rest) else { return false }
            case .structure, .dictionaryEntry, .variant:
                var members = DBusMessageIter()
                dbus_message_iter_recurse(&iterator, &members)
                guard measure(&members, &rest) else { return false }
            default:
                break
            }
            // A text may have taken more than there was.
            guard rest >= 0 else { return false }
            dbus_message_iter_next(&iterator)
        }
    }

    private static func measureArray(_ array: inout DBusMessageIter, _ rest: inout Int) -> Bool {
        let code = dbus_message_iter_get_element_type(&array)
        var elements = DBusMessageIter()
        dbus_message_iter_recurse(&array, &elements)
        guard dbus_type_is_fixed(code) != 0, code != TypeCode.fileDescriptor.raw,
            let element = TypeCode(rawValue: UInt8(truncatingIfNeeded: code))
        else { return measure(&elements, &rest) }
        var first: UnsafeRawPointer?
        var count: Int32 = 0
        dbus_message_iter_get_fixed_array(&elements, &first, &count)
        // No array of the bus has more than 64 MiB.
        rest -= Int(count) * element.alignment
        return rest >= 0
    }
}
