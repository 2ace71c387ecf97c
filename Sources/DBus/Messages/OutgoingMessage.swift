internal import CDBus

/// A message being made; nobody else has it before it is sent.
final class OutgoingMessage {
    let raw: OpaquePointer
    /// Bytes that it takes, roughly; kept by who fills it.
    var size = fixedSize

    private init(_ raw: OpaquePointer?) throws(DBusError) {
        guard let raw else { throw .noMemory("no memory for a message") }
        self.raw = raw
    }

    deinit { dbus_message_unref(raw) }

    static func methodCall(
        destination: BusName,
        path: ObjectPath,
        interface: InterfaceName,
        member: MemberName
    ) throws(DBusError) -> OutgoingMessage {
        try OutgoingMessage(
            dbus_message_new_method_call(
                destination.string,
                path.string,
                interface.string,
                member.string
            )
        )
    }

    static func signal(
        path: ObjectPath,
        interface: InterfaceName,
        member: MemberName
    ) throws(DBusError) -> OutgoingMessage {
        try OutgoingMessage(
            dbus_message_new_signal(path.string, interface.string, member.string)
        )
    }

    /// The reply to a call that is at hand.
    static func methodReturn(to call: Message) throws(DBusError) -> OutgoingMessage {
        try OutgoingMessage(dbus_message_new_method_return(call.raw))
    }

    /// A reply that copies are made of.
    static func methodReturn() throws(DBusError) -> OutgoingMessage {
        try OutgoingMessage(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN))
    }

    /// The same reply to a call.
    func copy(to call: CallIdentity) throws(DBusError) -> OutgoingMessage {
        let copy = try OutgoingMessage(dbus_message_copy(raw))
        copy.size = size
        try copy.address(to: call)
        return copy
    }

    /// The reply to a call, which need not be at hand any more.
    static func methodReturn(to call: CallIdentity) throws(DBusError) -> OutgoingMessage {
        let reply = try OutgoingMessage(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN))
        try reply.address(to: call)
        return reply
    }

    /// The error reply to a call; a name or text that cannot be sent is mended, not refused.
    static func error(
        _ error: DBusError,
        to call: CallIdentity,
        maximumSize: Int
    ) throws(DBusError) -> OutgoingMessage {
        let reply = try OutgoingMessage(dbus_message_new(DBUS_MESSAGE_TYPE_ERROR))
        let isValid = NameGrammar.isInterface(error.name)
        let name = isValid ? error.name : "org.freedesktop.DBus.Error.Failed"
        guard dbus_message_set_error_name(reply.raw, name) != 0 else {
            throw .noMemory("no memory for an error reply")
        }
        try reply.address(to: call)
        var writer = MessageWriter(appendingTo: reply.raw, maximumSize: maximumSize)
        let text = error.message.unicodeScalars.prefix(maximumErrorText)
        try writer.append(String(String.UnicodeScalarView(text.filter { $0.value != 0 })))
        if let details = error.details { try details.append(to: &writer) }
        reply.size += writer.offset
        return reply
    }

    /// What a header takes, roughly.
    static let fixedSize = 128
    /// Characters of an error's text that are sent; a person reads no more.
    private static let maximumErrorText = 4096

    private func address(to call: CallIdentity) throws(DBusError) {
        dbus_message_set_no_reply(raw, 1)
        guard dbus_message_set_reply_serial(raw, call.serial) != 0,
            call.sender.isEmpty || dbus_message_set_destination(raw, call.sender) != 0
        else { throw .noMemory("no memory for a reply") }
    }

    func setDestination(_ name: BusName) throws(DBusError) {
        guard dbus_message_set_destination(raw, name.string) != 0 else {
            throw .noMemory("no memory for a destination")
        }
    }

    func setNoReply() {
        dbus_message_set_no_reply(raw, 1)
    }

    var containsFileDescriptors: Bool { dbus_message_contains_unix_fds(raw) != 0 }
}

/// What of a call is needed to answer it.
///
/// The call's message itself is let go: libdbus stops reading when received messages that are still
/// held add up to its limit.
struct CallIdentity: Sendable {
    let sender: String
    let serial: UInt32
    let wantsReply: Bool
    let hasFileDescriptors: Bool

    init(_ message: Message) {
        sender = message.sender ?? ""
        serial = message.serial
        wantsReply = message.wantsReply
        hasFileDescriptors = dbus_message_contains_unix_fds(message.raw) != 0
    }
}
