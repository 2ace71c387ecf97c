/// An error as it travels on the bus: a name for programs, a text for people, and optionally details.
///
/// Sent as an error reply, the body is `(s message)` or, with details, `(s message, a{sv} details)`;
/// a client that knows only the first argument is not disturbed by the second.
public struct DBusError: Error, Hashable, Sendable {
    /// The error name, such as `org.freedesktop.DBus.Error.InvalidArgs`; interface name grammar.
    public var name: String
    /// What happened, in one sentence.
    public var message: String
    /// The same for machines: the second argument of the error reply, if any.
    public var details: VariantDictionary?

    /// Makes an error from its parts.
    ///
    /// - Parameters:
    ///   - name: The error name. A name outside the grammar is sent as
    ///     `org.freedesktop.DBus.Error.Failed`.
    ///   - message: What happened, in one sentence.
    ///   - details: The second argument of the error reply.
    public init(name: String, message: String, details: VariantDictionary? = nil) {
        self.name = name
        self.message = message
        self.details = details
    }
}

extension DBusError: CustomStringConvertible {
    /// Name and text, as a log line shows them.
    public var description: String { "\(name): \(message)" }
}

extension DBusError {
    private static func standard(_ name: String, _ message: String) -> DBusError {
        DBusError(name: "org.freedesktop.DBus.Error." + name, message: message)
    }

    /// `Failed`: no other name fits.
    public static func failed(_ message: String) -> DBusError { standard("Failed", message) }
    /// `InvalidArgs`: an argument has the wrong type or a value that is not allowed.
    public static func invalidArgs(_ message: String) -> DBusError {
        standard("InvalidArgs", message)
    }
    /// `InvalidSignature`: a text is not a D-Bus type signature.
    public static func invalidSignature(_ message: String) -> DBusError {
        standard("InvalidSignature", message)
    }
    /// `UnknownObject`: nothing is published at the path.
    public static func unknownObject(_ message: String) -> DBusError {
        standard("UnknownObject", message)
    }
    /// `UnknownInterface`: the object does not have the interface.
    public static func unknownInterface(_ message: String) -> DBusError {
        standard("UnknownInterface", message)
    }
    /// `UnknownMethod`: the interface does not have the method.
    public static func unknownMethod(_ message: String) -> DBusError {
        standard("UnknownMethod", message)
    }
    /// `UnknownProperty`: the interface does not have the property.
    public static func unknownProperty(_ message: String) -> DBusError {
        standard("UnknownProperty", message)
    }
    /// `PropertyReadOnly`: the property cannot be set.
    public static func propertyReadOnly(_ message: String) -> DBusError {
        standard("PropertyReadOnly", message)
    }
    /// `AccessDenied`: the caller may not do this.
    public static func accessDenied(_ message: String) -> DBusError {
        standard("AccessDenied", message)
    }
    /// `NotSupported`: the operation exists but not here.
    public static func notSupported(_ message: String) -> DBusError {
        standard("NotSupported", message)
    }
    /// `LimitsExceeded`: a queue, a count or a size is at its limit.
    public static func limitsExceeded(_ message: String) -> DBusError {
        standard("LimitsExceeded", message)
    }
    /// `NoReply`: no answer came before the deadline, or the wait was given up.
    public static func noReply(_ message: String) -> DBusError { standard("NoReply", message) }
    /// `Timeout`: an operation took longer than it may.
    public static func timeout(_ message: String) -> DBusError { standard("Timeout", message) }
    /// `Disconnected`: the connection to the bus is gone.
    public static func disconnected(_ message: String) -> DBusError {
        standard("Disconnected", message)
    }
    /// `ServiceUnknown`: the destination is not on the bus, or is about to leave it.
    public static func serviceUnknown(_ message: String) -> DBusError {
        standard("ServiceUnknown", message)
    }
    /// `NoMemory`: libdbus could not allocate.
    public static func noMemory(_ message: String) -> DBusError { standard("NoMemory", message) }
    /// `ObjectPathInUse`: the interface is already published at the path.
    public static func objectPathInUse(_ message: String) -> DBusError {
        standard("ObjectPathInUse", message)
    }
    /// `FileExists`, which sd-bus uses as well when a bus name belongs to another connection.
    public static func nameTaken(_ message: String) -> DBusError {
        standard("FileExists", message)
    }

    /// Whether the name is `org.freedesktop.DBus.Error.` followed by `shortName`.
    ///
    /// - Parameter shortName: The last element of a standard error name, such as `NoReply`.
    /// - Returns: True when this is that standard error.
    public func isStandard(_ shortName: String) -> Bool {
        name == "org.freedesktop.DBus.Error." + shortName
    }
}
