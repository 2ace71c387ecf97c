internal import CDBus
internal import EventLoop

extension StandardInterfaces {
    static let peerInterface = Interface<ObjectNode>(
        peer,
        documentation: "The process behind the connection.",
        right: .reading
    ) {
        Method.immediate("Ping", "Answers.") { (_: ObjectNode, _: Invocation) in }
        Method.immediate(
            "GetMachineId",
            "The machine's identity, 32 hexadecimal digits.",
            out: ["machine_uuid"]
        ) { (_: ObjectNode, _: Invocation) throws -> String in
            try machineIdentity()
        }
    }

    private static func machineIdentity() throws(DBusError) -> String {
        let failure = LibraryError()
        guard let text = dbus_try_get_local_machine_id(&failure.raw) else { throw failure.error }
        defer { dbus_free(text) }
        return String(cString: text)
    }
}
