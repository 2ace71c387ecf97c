import DBus
import NVMeMIDrives

extension Invocation {
    /// On whose account the model counts what the call asks for.
    var requester: Requester { Requester(account) }
}
