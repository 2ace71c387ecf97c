internal import CDBus

/// The place where libdbus says why something failed.
final class LibraryError {
    var raw = CDBus.DBusError()

    init() { dbus_error_init(&raw) }

    deinit { dbus_error_free(&raw) }

    /// What libdbus said.
    var error: DBusError {
        guard dbus_error_is_set(&raw) != 0, let name = raw.name else {
            return .failed("libdbus gave no reason")
        }
        return DBusError(
            name: String(cString: name),
            message: raw.message.map { String(cString: $0) } ?? ""
        )
    }
}
