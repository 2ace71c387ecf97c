import DBus
import EventLoop
import MCTP
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// What can be asked of an endpoint without changing it.
    static let endpoint = Interface(
        "xyz.openbmc_project.NVMeMI.Endpoint1",
        documentation: "An NVMe-MI endpoint: one port of one NVM subsystem. Reading.",
        right: .reading
    ) {
        Property("EID", "The MCTP endpoint ID.", .constant) { (endpoint: Endpoint) in
            endpoint.address.endpoint.rawValue
        }
        Property("NetworkId", "The MCTP network.", .constant) { (endpoint: Endpoint) in
            endpoint.address.network.rawValue
        }
        Property(
            "UUID",
            "The endpoint's UUID as mctpd gives it; empty when it has none.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.found.uuid }
        Property(
            "NetworkInterface",
            """
            The network interface that it is reached by, such as mctpi2c6; empty when the kernel does not tell: it \
            is behind an MCTP bridge, or the carrier is not AF_MCTP.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.found.physicalAddress?.interface ?? "" }
        Property(
            "PhysicalAddress",
            """
            Its address on that interface, such as the seven bits of an I2C address; empty when the kernel does not \
            tell, or the medium has no addresses.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.found.physicalAddress?.bytes ?? [] }
        Property(
            "Location",
            """
            Where in the machine the drive behind it is, as EntityManager tells, or else the configuration's \
            [place]; empty when nobody does.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.location }
        Property(
            "State",
            """
            initializing: being asked for what it is, or not ready yet as it says. ready: has told what it must; \
            MissingParts has what else is missing. unavailable: does not answer, or mctpd reports it as \
            Degraded. failed: answers, but not as an NVMe-MI endpoint must; what it tells is published. The \
            last two are tried again from time to time, except while mctpd reports Degraded.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.state.rawValue }
        Property(
            "StateReason",
            """
            Why it is in its state, what is done about it and what to try, for who runs the machine; empty when it \
            is ready and all of it is known.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.stateReason.sentence }
        Property(
            "StateDetail",
            "The same for those who know the protocols: errors, limits, what is missing. May be empty.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.stateReason.detail }
        Property(
            "StateSince",
            "When State changed last, in milliseconds of Unix time.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.stateSince }
        Property(
            "MissingParts",
            """
            What the endpoint should tell and does not, and is not known from before. Part: in words. State: \
            refused, for good; not ready, refused for now; malformed; unanswered. All but what is refused is \
            asked for again. Reason: the same in more words. Since: in milliseconds of Unix time.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.inventory.missingParts.map(VariantDictionary.init) }
        Property(
            "Drive",
            "The drive that the endpoint is a way to; / before it was asked the first time.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.drive.flatMap(BusPaths.path) ?? ObjectPath.root }
        Property(
            "MIVersion",
            "The NVMe-MI version, major.minor; empty until the endpoint was ready.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.inventory.managementInterfaceVersion }
        Property(
            "SubsystemNQN",
            "The NQN of its NVM subsystem; empty when no controller tells it.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.inventory.subsystemNQN }
        Property(
            "OptionalCommands",
            "The optional commands that it serves: NVMe-MI message type (1 NVMe-MI, 2 Admin, 4 PCIe) "
                + "and opcode.",
            .emitsChange
        ) { (endpoint: Endpoint) in
            endpoint.inventory.optionalCommands.commands.map { command in
                Structure(command.category.rawValue, command.opcode)
            }
        }

        Property(
            "SubsystemEndpoints",
            "The other published endpoints of the same drive.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.siblings.compactMap(BusPaths.path) }
        Property(
            "TransmissionUnit",
            "The drive's MCTP transmission unit towards this endpoint, in bytes of payload; 0 when it "
                + "is not known.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.link.speed.transmissionUnit }
        Property(
            "SMBusFrequency",
            "The drive's SMBus frequency in hertz; 0 when it is not known or there is none.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.link.speed.smbusFrequency }
        Property(
            "Tuning",
            "What came of raising transmission unit and frequency, in words.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.link.speed.tuning }

        Method(
            "GetHealth",
            """
            NVM Subsystem Health Status Poll, without clearing the change flags. Temperatures are in \
            degrees Celsius, shares in percent.
            """,
            out: ["health"]
        ) { (endpoint: Endpoint, call: Invocation) async throws -> Fields in
            let health = try await endpoint.perform(
                SubsystemHealthStatusPoll(version: endpoint.inventory.version),
                for: call.requester,
                priority: .health
            )
            return Fields(of: health)
        }

        Method(
            "GetControllerHealth",
            "Controller Health Status Poll of every controller, without clearing the change flags.",
            out: ["controllers"]
        ) { (endpoint: Endpoint, call: Invocation) async throws -> [Fields] in
            try await endpoint.controllerHealth(for: call.requester).map { Fields(of: $0) }
        }

        Method(
            "GetSubsystemInformation",
            "NVM Subsystem Information, decoded, as the endpoint tells it now.",
            out: ["information"]
        ) { (endpoint: Endpoint, call: Invocation) async throws -> Fields in
            Fields(
                of: try await endpoint.perform(
                    ReadDataStructure.subsystemInformation,
                    for: call.requester
                )
            )
        }

        Method(
            "ConfigGet",
            """
            A configuration by name. SMBusFrequency: in hertz (u), 0 when the port tells none; \
            MCTPTransmissionUnit: in bytes of payload (q); HealthStatusChange: the change flags that \
            are set (as), whatever the port.
            """,
            in: ["name", "port"],
            out: ["value"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                name: String,
                port: UInt8
            ) async throws -> Variant in
            try await NamedConfiguration(name).get(from: endpoint, port: port, for: call)
        }

        Method(
            "ConfigGetRaw",
            """
            Configuration Get as it is: the configuration identifier and the other bits of the two \
            management dwords; returns the three bytes of the NVMe Management Response and the data.
            """,
            in: ["identifier", "dword0", "dword1"],
            out: ["response", "data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                identifier: UInt8,
                dword0: UInt32,
                dword1: UInt32
            )
                async throws -> (UInt32, [UInt8]) in
            let command = try ConfigurationGet(
                raw: identifier,
                dword0: dword0,
                dword1: dword1
            )
            try endpoint.check(reading: ConfigurationIdentifier(rawValue: identifier))
            let reply = try await endpoint.perform(
                command,
                for: call.requester
            )
            return (reply.response, reply.data)
        }

        Method(
            "ReadDataStructure",
            """
            Read NVMe-MI Data Structure as it is. Types: 0 NVM subsystem information, 1 port \
            information, 2 controller list, 3 controller information, 4 optionally supported \
            commands, 5 Management Endpoint Buffer commands. Port and controller count where the type \
            has them.
            """,
            in: ["type", "port", "controller"],
            out: ["data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                type: UInt8,
                port: UInt8,
                controller: UInt16
            )
                async throws -> [UInt8] in
            try await endpoint.perform(
                ReadDataStructure(
                    DataStructureType(rawValue: type),
                    port: port,
                    controller: controller
                ),
                for: call.requester
            )
        }

        Method(
            "VPDRead",
            "A part of the Vital Product Data, a FRU image.",
            in: ["offset", "length"],
            out: ["data"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                offset: UInt16,
                length: UInt16
            ) async throws
                -> [UInt8] in
            try await endpoint.perform(
                VPDRead(offset: offset, length: length),
                for: call.requester
            )
        }

        Method(
            "GetVPD",
            """
            The Vital Product Data, decoded: the common header, ChassisInformation, BoardInformation and \
            ProductInformation as far as there are any, and Records with the multi-record areas. Checksums are \
            told and nothing is refused for them. RawData (ay) has the bytes; LeftOut (as) what of them could \
            not be decoded.
            """,
            out: ["vpd"]
        ) { (endpoint: Endpoint, call: Invocation) async throws -> VariantDictionary in
            try await endpoint.decodedProductData(for: call)
        }

        Method.immediate(
            "GetStatistics",
            """
            What passed between the bridge and the endpoint since the bridge found it.

            Counters (t): Commands asked for; Answers, refusals included; Repetitions after a damaged or lost answer; \
            Timeouts; IntegrityErrors, messages with a wrong integrity check; Mismatches, answers to \
            something else; LostAnswers, of commands that the drive says are done; MoreProcessing, \
            requests for more time; Refused, by a full queue; Recoveries, attempts to bring a slot back \
            to idle; Cancelled, whose caller left; Dropped, messages that nothing waited for; BytesSent \
            and BytesReceived.

            QueueDepth (u): commands that wait. LearntGap (u): \
            microseconds that are left before a command because the drive loses one that comes sooner after \
            its last message; 0 when that was not found. SecondSlot: unknown, works or missing. \
            Latencies (a{sv}): for each command by name Count, and Minimum, Median, Percentile99 and \
            Maximum in microseconds from transmission to answer.
            """,
            out: ["statistics"]
        ) { (endpoint: Endpoint, _: Invocation) in VariantDictionary(statisticsOf: endpoint.session)
        }
    }
}
