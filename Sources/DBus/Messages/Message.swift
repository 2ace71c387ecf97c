internal import CDBus

/// A message received from the bus: header fields and a body to read.
///
/// Immutable, so that it can be handed around freely. A connection reads nothing more while 1 MiB of its
/// messages are held: read a big one, and let it go.
public final class Message: @unchecked Sendable {
    // libdbus counts references atomically, and nothing changes a message once it has been handed out.
    private(set) var raw: OpaquePointer
    let bounds: MessageBounds

    /// Takes over the caller's reference.
    init(adopting raw: OpaquePointer, bounds: MessageBounds = MessageBounds()) {
        self.raw = raw
        self.bounds = bounds
    }

    deinit { dbus_message_unref(raw) }

    /// Puts a copy in the place of what libdbus counts as received and not yet let go; before the message is
    /// handed out only.
    func detach() {
        guard let copy = dbus_message_copy(raw) else { return }
        // A copy is a message yet to be sent: it has no serial.
        dbus_message_set_serial(copy, dbus_message_get_serial(raw))
        dbus_message_unref(raw)
        raw = copy
    }
}

// MARK: - Header

extension Message {
    /// What kind of message it is.
    public enum Kind: Sendable {
        case methodCall, methodReturn, error, signal
        /// A kind of a later protocol version.
        case unknown
    }

    /// What kind of message it is.
    public var kind: Kind {
        switch dbus_message_get_type(raw) {
        case DBUS_MESSAGE_TYPE_METHOD_CALL: .methodCall
        case DBUS_MESSAGE_TYPE_METHOD_RETURN: .methodReturn
        case DBUS_MESSAGE_TYPE_ERROR: .error
        case DBUS_MESSAGE_TYPE_SIGNAL: .signal
        default: .unknown
        }
    }

    /// The unique name of the connection that sent it; nil for local messages.
    public var sender: String? { dbus_message_get_sender(raw).map { String(cString: $0) } }
    /// The path of the object that is called or that emits.
    public var path: ObjectPath? {
        dbus_message_get_path(raw).map { ObjectPath(unchecked: String(cString: $0)) }
    }
    /// The interface of the method or signal.
    public var interface: String? { dbus_message_get_interface(raw).map { String(cString: $0) } }
    /// The name of the method or signal.
    public var member: String? { dbus_message_get_member(raw).map { String(cString: $0) } }
    /// The name of the error, in an error reply.
    public var errorName: String? { dbus_message_get_error_name(raw).map { String(cString: $0) } }
    /// The types of the arguments.
    public var signature: Signature {
        dbus_message_get_signature(raw).map { Signature(unchecked: String(cString: $0)) } ?? .empty
    }

    var serial: UInt32 { dbus_message_get_serial(raw) }
    var replySerial: UInt32 { dbus_message_get_reply_serial(raw) }
    var wantsReply: Bool { dbus_message_get_no_reply(raw) == 0 }
}

// MARK: - Body

extension Message {
    /// Reads all arguments as the given types.
    ///
    ///     let (name, count) = try message.read(String.self, UInt32.self)
    ///
    /// - Parameter types: The type of each argument, in order.
    /// - Returns: The arguments.
    /// - Throws: `InvalidArgs` when the message carries other types.
    public func read<each Argument: DBusType>(
        _ types: repeat (each Argument).Type
    ) throws(DBusError) -> (repeat each Argument) {
        var expected = ""
        for type in repeat (each Argument).self { expected += type.signature.string }
        try checkSignature(expected)
        var reader = MessageReader(self)
        return (repeat try (each Argument).read(from: &reader))
    }

    /// Reads the only argument as the given type.
    ///
    /// - Parameter type: The type of the argument.
    /// - Returns: The argument.
    /// - Throws: `InvalidArgs` when the message carries another type, or more than one argument.
    public func read<Argument: DBusType>(_ type: Argument.Type) throws(DBusError) -> Argument {
        try checkSignature(type.signature.string)
        var reader = MessageReader(self)
        return try Argument.read(from: &reader)
    }

    private func checkSignature(_ expected: String) throws(DBusError) {
        guard signature.string == expected else {
            throw .invalidArgs(
                "expected a message with \"\(expected)\", got one with \"\(signature)\""
            )
        }
    }

    /// All arguments, whatever their types.
    ///
    /// - Returns: The arguments.
    /// - Throws: `LimitsExceeded` when there are too many values to hold.
    public func arguments() throws(DBusError) -> [Value] {
        var reader = MessageReader(self)
        var values: [Value] = []
        while !reader.isAtEnd { values.append(try Value(from: &reader)) }
        return values
    }

    /// The error that an error reply carries.
    var error: DBusError {
        let arguments = (try? self.arguments()) ?? []
        var text = ""
        if case .string(let first)? = arguments.first { text = first }
        var details: VariantDictionary?
        if arguments.count > 1 { details = VariantDictionary.decode(arguments[1]) }
        return DBusError(name: errorName ?? "", message: text, details: details)
    }
}
