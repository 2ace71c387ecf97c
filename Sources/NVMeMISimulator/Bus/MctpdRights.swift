internal import DBus
internal import EventLoop
internal import Glibc

/// Whom mctpd's methods let in.
///
/// None of them is declared unprivileged to sd-bus, which then admits root and the daemon's own user,
/// whatever the policy of the bus says of groups and others.
@LoopActor
enum MctpdRights {
    /// Whether a user, if the bus knows it, may call the methods of another user's daemon.
    nonisolated static func admit(_ caller: UInt32?, to own: UInt32) -> Bool {
        caller == own || caller == 0
    }

    /// Throws what sd-bus answers to a caller without rights.
    static func check(_ call: Invocation, of interface: InterfaceName) throws(DBusError) {
        guard admit(call.credentials.userID, to: getuid()) else {
            throw refusal(of: call.member, interface)
        }
    }

    /// sd-bus's error, word for word.
    nonisolated static func refusal(
        of member: some StringProtocol,
        _ interface: InterfaceName
    ) -> DBusError {
        .accessDenied("Access to \(interface).\(member)() not permitted.")
    }
}
