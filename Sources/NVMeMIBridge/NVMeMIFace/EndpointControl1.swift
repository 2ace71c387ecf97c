import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// What changes an endpoint.
    static let endpointControl = Interface(
        "xyz.openbmc_project.NVMeMI.EndpointControl1",
        documentation: "An NVMe-MI endpoint: one port of one NVM subsystem. Writing.",
        right: .writing
    ) {
        Method(
            "ConfigSet",
            """
            Sets a configuration by name. SMBusFrequency: in hertz, 100000, 400000 or 1000000, as far \
            as the port can; MCTPTransmissionUnit: in bytes of payload, from 64 to the port's maximum; \
            HealthStatusChange: the change flags to clear (as), whatever the port. Where the endpoint is \
            behind the port, mctpd's route follows the transmission unit, and what is set is left as it \
            is until the drive forgets it.
            """,
            in: ["name", "port", "value"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                name: String,
                port: UInt8,
                value: Variant
            )
                async throws in
            let configuration = try NamedConfiguration(name)
            let details = [("name", name), ("port", "\(port)"), ("value", value.value.text)]
            try await call.recording("ConfigSet", on: endpoint, details) {
                try await configuration.set(value.value, at: endpoint, port: port, for: call)
            }
        }

        Method(
            "ConfigSetRaw",
            """
            Configuration Set as it is: the configuration identifier, the other bits of the two \
            management dwords, and the request data.
            """,
            in: ["identifier", "dword0", "dword1", "data"],
            out: ["response", "response_data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                identifier: UInt8,
                dword0: UInt32,
                dword1: UInt32,
                data: [UInt8]
            ) async throws -> (UInt32, [UInt8]) in
            let command = try ConfigurationSet(
                raw: identifier,
                dword0: dword0,
                dword1: dword1,
                data: data
            )
            let details = [
                ("identifier", "\(identifier)"), ("dword0", "\(dword0)"), ("dword1", "\(dword1)"),
            ]
            let reply = try await call.recording("ConfigSetRaw", on: endpoint, details) {
                try await endpoint.perform(
                    command,
                    for: call.requester,
                    isWriting: true,
                    isExclusive: true
                )
            }
            return (reply.response, reply.data)
        }

        Method(
            "ClearHealth",
            """
            NVM Subsystem Health Status Poll that clears the Composite Controller Status change \
            flags, for everybody who watches them.
            """
        ) { (endpoint: Endpoint, call: Invocation) async throws in
            try await call.recording("ClearHealth", on: endpoint) {
                _ = try await endpoint.perform(
                    SubsystemHealthStatusPoll(clearsStatus: true),
                    for: call.requester,
                    isWriting: true
                )
            }
        }

        primitiveMembers
        dataMembers
        powerMembers
        enclosureMembers

        Method.immediate(
            "PauseHealthPolling",
            """
            Has the endpoint's health not polled until the caller resumes it or leaves the bus. Other \
            callers' commands, and what the bridge asks to know the drive, go on. Several callers can \
            pause; each resumes its own.
            """
        ) { (endpoint: Endpoint, call: Invocation) in endpoint.pauseHealthPolling(for: call) }

        Method.immediate(
            "ResumeHealthPolling",
            "Ends the caller's own pause."
        ) { (endpoint: Endpoint, call: Invocation) throws in
            try endpoint.resumeHealthPolling(for: call)
        }

        Method(
            "Recover",
            "Asks mctpd to bring the endpoint back, and has transmission unit and frequency tried again "
                + "that did not work before. What comes of it shows in State and Tuning."
        ) { (endpoint: Endpoint, call: Invocation) async throws in
            try await call.recording("Recover", on: endpoint) { try await endpoint.recover() }
        }
    }
}
