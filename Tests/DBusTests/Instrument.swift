import DBus
import EventLoop

/// An object with something of everything, for the tests of dispatch and publishing.
@LoopActor
final class Instrument {
    var label = "first"
    var reading = 1.5
    var blob: [UInt8] = [1, 2, 3]
    var ticks: UInt64 = 0
    var fault: DBusError?
    var setBy: String?
    /// What `Wait` waits for.
    var gate = Promise<String>()
    private(set) var waiting = 0
    private(set) var cancelled = 0
    private(set) var pokes = 0

    nonisolated init() {}

    nonisolated static let triggered = Signal(
        "Triggered",
        "The threshold was passed.",
        Parameter<Double>("reading"),
        Parameter<String>("label")
    )

    nonisolated static let interface = Interface<Instrument>(
        "org.example.Instrument1",
        documentation: """
            An instrument with something of everything & more.

            The second paragraph -- with what must not stand in a comment.
            """
    ) {
        Property(
            "Label",
            "What people call it.",
            .emitsChange,
            get: { (instrument: Instrument) in instrument.label },
            set: { (instrument: Instrument, call: Invocation, label: String) throws in
                guard !label.isEmpty else { throw DBusError.invalidArgs("the label is empty") }
                instrument.label = label
                instrument.setBy = call.sender
                call.connection.objects.propertiesChanged(
                    call.path,
                    interface: "org.example.Instrument1",
                    ["Label"]
                )
            }
        )
        Property("Reading", "In volts.", .emitsChange) { (instrument: Instrument) throws in
            if let fault = instrument.fault { throw fault }
            return instrument.reading
        }
        Property("Blob", "Raw data.", .invalidates) { (instrument: Instrument) in instrument.blob }
        Property("Serial", "The maker's number.", .constant) { (_: Instrument) in UInt32(4711) }
        Property("Ticks", "Counts on and on.", .noSignal) { (instrument: Instrument) in
            instrument.ticks
        }
        Property(
            "Slow",
            "Takes its time to be set.",
            .noSignal,
            get: { (instrument: Instrument) in instrument.label },
            setLater: { (instrument: Instrument, _: Invocation, label: String) async throws in
                try await sleep(for: .zero)
                if label == "bad" { throw DBusError.failed("bad") }
                instrument.label = label
            }
        )
        Method("Wait", "Waits for the gate.", in: ["prefix"], out: ["text"]) {
            (instrument: Instrument, _: Invocation, prefix: String) async throws -> String in
            try await instrument.wait(prefix)
        }
        Method("Pause", "Waits for a moment.") { (_: Instrument, _: Invocation) async throws in
            try await sleep(for: .milliseconds(5))
        }
        Method("Ignore", "Waits for the gate and does not heed its cancellation.") {
            (instrument: Instrument, _: Invocation) async throws in
            instrument.waiting += 1
            // A task of its own is not cancelled with the handler.
            let gate = instrument.gate
            _ = try? await EventLoop.main.spawn { try await gate.value }.value
        }
        Method.immediate("Scale", "Multiplies.", in: ["factor", "values"], out: ["products"]) {
            (_: Instrument, _: Invocation, factor: Double, values: [Double]) in
            values.map { $0 * factor }
        }
        Method.immediate("Close", "Closes the connection that the call came on.") {
            (_: Instrument, call: Invocation) in call.connection.close()
        }
        Method.immediate("Poke", "Counts.") { (instrument: Instrument, _: Invocation) in
            instrument.pokes += 1
        }
        Method("User", "Whose process calls.", out: ["uid"]) {
            (_: Instrument, call: Invocation) async throws -> UInt32 in
            call.credentials.userID ?? .max
        }
        Method.immediate("Fail", "Fails with an error that is none of D-Bus.") {
            (_: Instrument, _: Invocation) throws in throw SomeError()
        }
        Method.immediate("Whoami", "Who calls.", out: ["sender", "path", "member"]) {
            (_: Instrument, call: Invocation) -> (String, ObjectPath, String) in
            (call.sender, call.path, call.member)
        }.annotated(.deprecated)
        triggered
    }

    static let second = Interface<Instrument>(
        "org.example.Second1",
        documentation: "A second interface."
    ) {
        Property("Label", "Of the second interface.", .constant) { (_: Instrument) in "second" }
        Property("Extra", "Only here.", .constant) { (_: Instrument) in ObjectPath("/x") }
        Method.immediate("Poke", "Never found without its interface.") {
            (_: Instrument, _: Invocation) throws in throw SomeError()
        }
        Method.immediate("Only", "Found without its interface.", out: ["text"]) {
            (_: Instrument, _: Invocation) in "only"
        }
    }

    struct SomeError: Error {}

    private func wait(_ prefix: String) async throws -> String {
        waiting += 1
        do {
            return prefix + (try await gate.value)
        } catch {
            cancelled += 1
            throw error
        }
    }
}

/// An instrument at `/org/example/instrument`, and how to call it.
@LoopActor
struct InstrumentFixture {
    let instrument = Instrument()
    let name: BusName
    let client: Connection
    let service: Connection
    static let path: ObjectPath = "/org/example/instrument"

    init(_ service: Connection, _ client: Connection) throws {
        self.service = service
        self.client = client
        name = try BusName(service.uniqueName)
        try service.objects.add(
            Self.path,
            [
                Instrument.interface.bound(to: instrument),
                Instrument.second.bound(to: instrument),
            ]
        )
    }

    func call(
        _ member: MemberName,
        _ arguments: any DBusType...,
        on interface: InterfaceName = "org.example.Instrument1",
        at path: ObjectPath = InstrumentFixture.path
    ) async throws(DBusError) -> Message {
        try await client.call(
            destination: name,
            path: path,
            interface: interface,
            member: member,
            argumentList: arguments
        )
    }

    /// The name of the error, without the part that all share.
    func errorName(
        _ member: MemberName,
        _ arguments: any DBusType...,
        on interface: InterfaceName = "org.example.Instrument1",
        at path: ObjectPath = InstrumentFixture.path
    ) async -> String? {
        do {
            _ = try await client.call(
                destination: name,
                path: path,
                interface: interface,
                member: member,
                argumentList: arguments
            )
            return nil
        } catch {
            let common = "org.freedesktop.DBus.Error."
            return error.name.hasPrefix(common)
                ? String(error.name.dropFirst(common.count)) : error.name
        }
    }
}
