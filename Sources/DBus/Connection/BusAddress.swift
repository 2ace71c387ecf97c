/// Which bus to connect to.
public enum BusAddress: Hashable, Sendable {
    /// The machine's bus (or what `DBUS_SYSTEM_BUS_ADDRESS` says).
    case system
    /// The user's bus, as `DBUS_SESSION_BUS_ADDRESS` says.
    case session
    /// A bus at an address, such as `unix:path=/run/bus`.
    case address(String)
}
