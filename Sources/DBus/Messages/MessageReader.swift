internal import CDBus
internal import Glibc

/// Reads values from the body of a message, one after the other.
///
/// libdbus has validated the body when it came from the bus; types are checked here, at each read.
public struct MessageReader: ~Copyable {
    /// Keeps the memory alive that the iterator points into.
    private let message: Message
    private var iterator = DBusMessageIter()
    /// How many further values may be read into memory; see `MessageBounds`.
    private var remainingValues: Int

    init(_ message: Message) {
        self.message = message
        remainingValues = message.bounds.values
        // False means "no arguments"; the iterator is usable all the same.
        _ = dbus_message_iter_init(message.raw, &iterator)
    }

    private init(within message: Message, remainingValues: Int) {
        self.message = message
        self.remainingValues = remainingValues
    }

    /// The type code of the next value; nil at the end.
    var next: TypeCode? {
        mutating get {
            TypeCode(rawValue: UInt8(truncatingIfNeeded: dbus_message_iter_get_arg_type(&iterator)))
        }
    }

    /// Whether there is no further value here.
    public var isAtEnd: Bool {
        mutating get { next == nil }
    }

    /// The type code of the elements of the array that comes next; nil when it is not an array.
    var nextElement: TypeCode? {
        mutating get {
            guard next == .array else { return nil }
            let code = dbus_message_iter_get_element_type(&iterator)
            return TypeCode(rawValue: UInt8(truncatingIfNeeded: code))
        }
    }

    /// The signature of what is left to read here.
    var signature: Signature {
        mutating get {
            guard let text = dbus_message_iter_get_signature(&iterator) else { return .empty }
            defer { dbus_free(text) }
            return Signature(unchecked: String(cString: text))
        }
    }
}

// MARK: - Single values

extension MessageReader {
    /// Reads a value of a type whose memory is what libdbus gives.
    mutating func read<T: BitwiseCopyable>(
        _ type: TypeCode,
        into initial: T
    ) throws(DBusError) -> T {
        try expect(type)
        var value = initial
        dbus_message_iter_get_basic(&iterator, &value)
        dbus_message_iter_next(&iterator)
        return value
    }

    /// Passes over the next value.
    mutating func skip() {
        dbus_message_iter_next(&iterator)
    }

    /// Reads a string, an object path or a signature.
    mutating func text(_ type: TypeCode) throws(DBusError) -> String {
        guard let characters = try read(type, into: nil as UnsafePointer<CChar>?) else {
            throw .invalidArgs("a string without contents")
        }
        // Looked at before it is copied.
        let length = strnlen(characters, message.bounds.text)
        guard characters[length] == 0 else {
            throw .limitsExceeded("a text of more than \(message.bounds.text) bytes")
        }
        return String(
            decoding: UnsafeRawBufferPointer(start: characters, count: length),
            as: UTF8.self
        )
    }

    /// Reads a file descriptor; the handle owns a duplicate that is closed on `exec`.
    mutating func fileDescriptor() throws(DBusError) -> FileDescriptorHandle {
        let descriptor = try read(.fileDescriptor, into: Int32(-1))
        guard descriptor >= 0 else {
            throw .invalidArgs("a file descriptor that did not come with the message")
        }
        return FileDescriptorHandle(adopting: descriptor)
    }

    /// Reads an array of numbers in one piece.
    mutating func array<T: BitwiseCopyable>(of type: TypeCode, _: T.Type) throws(DBusError) -> [T] {
        try container(.array) { (inner: inout MessageReader) throws(DBusError) in
            guard !inner.isAtEnd else { return [] }
            guard inner.next == type else { throw inner.mismatch(expected: type) }
            var elements: UnsafePointer<T>?
            var count: Int32 = 0
            dbus_message_iter_get_fixed_array(&inner.iterator, &elements, &count)
            return Array(UnsafeBufferPointer(start: elements, count: Int(count)))
        }
    }
}

// MARK: - Containers

extension MessageReader {
    /// Enters the next value, a container, and lets `body` read what is in it.
    mutating func container<Result>(
        _ type: TypeCode,
        _ body: (inout MessageReader) throws(DBusError) -> Result
    ) throws(DBusError) -> Result {
        try expect(type)
        var inner = MessageReader(within: message, remainingValues: remainingValues)
        dbus_message_iter_recurse(&iterator, &inner.iterator)
        let result = try body(&inner)
        remainingValues = inner.remainingValues
        dbus_message_iter_next(&iterator)
        return result
    }

    /// Enters the next value like `container`, for a body that throws other errors as well.
    mutating func enter<Result>(
        _ type: TypeCode,
        _ body: (inout MessageReader) throws -> Result
    ) throws -> Result {
        try expect(type)
        var inner = MessageReader(within: message, remainingValues: remainingValues)
        dbus_message_iter_recurse(&iterator, &inner.iterator)
        let result = try body(&inner)
        remainingValues = inner.remainingValues
        dbus_message_iter_next(&iterator)
        return result
    }

    /// Reads the elements of an array until it ends.
    mutating func elements<Element>(
        _ read: (inout MessageReader) throws(DBusError) -> Element
    ) throws(DBusError) -> [Element] {
        try container(.array) { (inner: inout MessageReader) throws(DBusError) in
            var elements: [Element] = []
            while !inner.isAtEnd { elements.append(try read(&inner)) }
            return elements
        }
    }

    private mutating func expect(_ type: TypeCode) throws(DBusError) {
        guard next == type else { throw mismatch(expected: type) }
        remainingValues -= 1
        guard remainingValues >= 0 else {
            throw .limitsExceeded("more than \(message.bounds.values) values in a message")
        }
    }

    private mutating func mismatch(expected: TypeCode) -> DBusError {
        let got = next.map { "'\(UnicodeScalar($0.rawValue))'" } ?? "the end"
        return .invalidArgs("expected '\(UnicodeScalar(expected.rawValue))', got \(got)")
    }
}
