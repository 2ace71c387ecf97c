internal import CDBus
internal import Glibc

/// Appends values to the body of a message.
///
/// libdbus takes a bad string, path, signature or nesting as a bug of the program and ends the
/// process, and the bus drops a connection that sends an oversized or overly nested message.
/// The writer therefore checks everything before it reaches libdbus. After an error the message is
/// unusable and must be thrown away.
public struct MessageWriter: ~Copyable {
    var iterator = DBusMessageIter()
    var depth = 0
    /// Bytes of the body so far, as the wire format counts them.
    var offset = 0
    let maximumSize: Int
    var fileDescriptors = 0

    /// Containers within containers that a receiver accepts (`DBUS_MAXIMUM_TYPE_RECURSION_DEPTH`
    /// for arrays plus the same for structures).
    static let maximumDepth = 64
    /// File descriptors in one message that a bus accepts by default (`max_message_unix_fds`).
    static let maximumFileDescriptors = 16
    /// Bytes in one array that a receiver accepts (`DBUS_MAXIMUM_ARRAY_LENGTH`).
    static let maximumArraySize = 1 << 26

    init(appendingTo message: OpaquePointer, maximumSize: Int) {
        self.maximumSize = min(maximumSize, Self.maximumArraySize)
        dbus_message_iter_init_append(message, &iterator)
    }

    /// A writer for a container of `outer`.
    init(within outer: borrowing MessageWriter) {
        maximumSize = outer.maximumSize
        offset = outer.offset
        depth = outer.depth + 1
        fileDescriptors = outer.fileDescriptors
    }
}

// MARK: - Single values

extension MessageWriter {
    /// Appends a value of a type whose memory is what libdbus takes.
    mutating func append<T: BitwiseCopyable>(
        _ value: T,
        as type: TypeCode
    ) throws(DBusError) {
        try account(for: type.alignment, alignment: type.alignment)
        var value = value
        guard dbus_message_iter_append_basic(&iterator, type.raw, &value) != 0 else {
            throw .noMemory("no memory to append a value")
        }
    }

    /// Appends a string (`s`).
    ///
    /// - Parameter string: The text; U+0000 has no place in the wire format.
    /// - Throws: `Failed` for a text with U+0000, `LimitsExceeded` for a message too large.
    public mutating func append(_ string: String) throws(DBusError) {
        guard !string.containsNUL else {
            throw .failed("a string with U+0000 cannot be sent")
        }
        try append(text: string, as: .string)
    }

    /// Appends a text that is known to follow the rules of `type`.
    mutating func append(text: String, as type: TypeCode) throws(DBusError) {
        let lengthSize = type == .signature ? 1 : 4
        try account(for: lengthSize + text.utf8.count + 1, alignment: lengthSize)
        let appended = text.withCString { characters in
            var pointer: UnsafePointer<CChar>? = characters
            return dbus_message_iter_append_basic(&iterator, type.raw, &pointer) != 0
        }
        guard appended else { throw .noMemory("no memory to append a string") }
    }

    /// Appends a file descriptor (`h`); the message gets a duplicate.
    mutating func append(_ file: FileDescriptorHandle) throws(DBusError) {
        try account(for: 4, alignment: 4)
        fileDescriptors += 1
        guard fileDescriptors <= Self.maximumFileDescriptors else {
            throw .limitsExceeded(
                "more than \(Self.maximumFileDescriptors) file descriptors cannot be sent"
            )
        }
        var descriptor = file.descriptor
        guard
            dbus_message_iter_append_basic(&iterator, TypeCode.fileDescriptor.raw, &descriptor) != 0
        else { throw .failed("file descriptor \(file.descriptor) cannot be duplicated") }
    }

    /// Appends an array of numbers in one piece.
    mutating func append<T: BitwiseCopyable>(
        contentsOf values: [T],
        as type: TypeCode
    ) throws(DBusError) {
        try container(.array, contents: String(UnicodeScalar(type.rawValue))) {
            (inner: inout MessageWriter) throws(DBusError) in
            guard !values.isEmpty else { return }
            guard let count = Int32(exactly: values.count) else {
                throw .limitsExceeded("an array of \(values.count) elements cannot be sent")
            }
            try inner.account(
                for: values.count * MemoryLayout<T>.stride,
                alignment: type.alignment
            )
            let appended = values.withUnsafeBufferPointer { buffer in
                var pointer = buffer.baseAddress
                return dbus_message_iter_append_fixed_array(
                    &inner.iterator,
                    type.raw,
                    &pointer,
                    count
                ) != 0
            }
            guard appended else { throw .noMemory("no memory to append an array") }
        }
    }
}

// MARK: - The limit

extension MessageWriter {
    /// Counts `size` bytes at `alignment`, and refuses to pass the limit.
    mutating func account(for size: Int, alignment: Int) throws(DBusError) {
        let (start, overflow) = offset.addingReportingOverflow(alignment - 1)
        let (end, overflow2) = (start & ~(alignment - 1)).addingReportingOverflow(size)
        guard !overflow, !overflow2, end <= maximumSize else {
            throw .limitsExceeded("a message larger than \(maximumSize) bytes cannot be sent")
        }
        offset = end
    }
}

extension String {
    /// Whether U+0000 is in it.
    fileprivate var containsNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}
