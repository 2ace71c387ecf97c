internal import CDBus

extension MessageWriter {
    /// Appends a structure whose members `body` appends.
    mutating func structure(
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try container(.structure, contents: nil, body)
    }

    /// Appends an array.
    ///
    /// - Parameters:
    ///   - element: The type of each element: one complete type.
    ///   - body: Appends the elements.
    /// - Throws: What `body` throws, `LimitsExceeded` for a message too large or nested too deeply.
    public mutating func array(
        of element: Signature,
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try container(.array, contents: element.string, body)
    }

    /// Appends an entry of a dictionary; within an array only.
    mutating func dictionaryEntry(
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try container(.dictionaryEntry, contents: nil, body)
    }

    /// Appends a variant (`v`).
    ///
    /// - Parameters:
    ///   - contents: The type of its value: one complete type.
    ///   - body: Appends that value.
    /// - Throws: What `body` throws, `LimitsExceeded` for a message too large or nested too deeply.
    public mutating func variant(
        of contents: Signature,
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try account(for: contents.string.utf8.count + 2, alignment: 1)
        try container(.variant, contents: contents.string, body)
    }

    /// Appends a dictionary from names to variants (`a{sv}`), without an intermediate one.
    ///
    /// - Parameter body: Appends the entries, each with `entry(_:_:)`; no name twice.
    /// - Throws: What `body` throws, `LimitsExceeded` for a message too large or nested too deeply.
    public mutating func variantDictionary(
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try container(.array, contents: "{sv}", body)
    }

    /// Appends an entry; within `variantDictionary` only.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value, of a Swift type that stands for a D-Bus type.
    /// - Throws: What the value's own appending throws, `LimitsExceeded` for a message too large.
    public mutating func entry<T: DBusType>(_ name: String, _ value: T) throws(DBusError) {
        try entry(name, of: T.signature) { (inner) throws(DBusError) in
            try value.append(to: &inner)
        }
    }

    /// Appends an entry; within `variantDictionary` only.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - contents: The type of its value: one complete type.
    ///   - body: Appends that value.
    /// - Throws: What `body` throws, `LimitsExceeded` for a message too large.
    public mutating func entry(
        _ name: String,
        of contents: Signature,
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        try dictionaryEntry { (pair) throws(DBusError) in
            try pair.append(name)
            try pair.variant(of: contents, body)
        }
    }

    /// Appends an entry whose type is known only at run time; within `variantDictionary` only.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value.
    /// - Throws: `Failed` for a value that cannot be sent, `LimitsExceeded` for a message too large.
    public mutating func entry(_ name: String, _ value: Value) throws(DBusError) {
        try dictionaryEntry { (pair) throws(DBusError) in
            try pair.append(name)
            try Variant(value).append(to: &pair)
        }
    }

    /// Opens a container, lets `body` fill it and closes it.
    ///
    /// `contents` must be a valid signature of one complete type; nil for structures and entries.
    mutating func container(
        _ type: TypeCode,
        contents: String?,
        _ body: (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) {
        guard depth < Self.maximumDepth else {
            throw .limitsExceeded("a value nested deeper than \(Self.maximumDepth) cannot be sent")
        }
        if type == .array { try account(for: 4, alignment: 4) }
        if type == .structure || type == .dictionaryEntry { try account(for: 0, alignment: 8) }
        var inner = MessageWriter(within: self)
        guard open(type, contents: contents, into: &inner) else {
            throw .noMemory("no memory to open a container")
        }
        do throws(DBusError) {
            try body(&inner)
        } catch {
            dbus_message_iter_abandon_container(&iterator, &inner.iterator)
            throw error
        }
        offset = inner.offset
        fileDescriptors = inner.fileDescriptors
        guard dbus_message_iter_close_container(&iterator, &inner.iterator) != 0 else {
            throw .noMemory("no memory to close a container")
        }
    }

    private mutating func open(
        _ type: TypeCode,
        contents: String?,
        into inner: inout MessageWriter
    ) -> Bool {
        guard let contents else {
            return dbus_message_iter_open_container(&iterator, type.raw, nil, &inner.iterator) != 0
        }
        return contents.withCString { signature in
            dbus_message_iter_open_container(&iterator, type.raw, signature, &inner.iterator) != 0
        }
    }
}
