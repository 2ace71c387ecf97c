import EventLoop
import Logging
import MCTP
import NVMeMI
import NVMeMIDevice
import Synchronization
import XCTest

@testable import NVMeMIDrives

/// A fleet on a bench: simulated drives behind a transport that the test can interfere with, a directory that
/// does what the test says, and an observer that keeps in mind what it was told.
@LoopActor
final class FleetBench {
    let transport = DriveTransport()
    let directory = ScriptedDirectory()
    let observer = RecordingObserver()
    let log = RecordedEntries()
    let fleet: Fleet

    init(_ change: (inout FleetSettings) -> Void = { _ in }) {
        var settings = FleetSettings()
        change(&settings)
        let logger = Logger(label: "test") { [log] _ in RecordingLog(log) }
        fleet = Fleet(over: transport, settings: settings, logger: logger)
        fleet.directory = directory
        directory.fleet = fleet
        fleet.observer = observer
    }

    static func address(_ endpoint: UInt8) -> EndpointAddress {
        EndpointAddress(network: NetworkID(1), endpoint: EndpointID(endpoint))
    }

    /// Has a drive plugged in and found.
    @discardableResult
    func plug(
        _ number: UInt8 = 9,
        _ change: (inout DriveDescription) -> Void = { _ in }
    ) throws -> Endpoint {
        var description = DriveDescription()
        change(&description)
        try description.validate()
        let drive = NVMeMIDevice.Drive(description)
        let address = Self.address(number)
        transport.devices[address] = drive
        fleet.found(FoundEndpoint(address: address))
        return try XCTUnwrap(fleet[address])
    }

    /// A bench with one drive that is ready.
    static func withDrive(
        _ serialNumber: String,
        _ change: (inout DriveDescription) -> Void = { _ in },
        settings: (inout FleetSettings) -> Void = { _ in }
    ) async throws -> (FleetBench, NVMeMIDrives.Drive) {
        let bench = FleetBench(settings)
        try bench.plug(9) {
            $0.serialNumber = serialNumber
            change(&$0)
        }
        try await bench.wait("the drive") { bench.fleet.drives.first?.state == .ready }
        return (bench, try XCTUnwrap(bench.fleet.drives.first))
    }

    /// Lets virtual time pass until something is so.
    func wait(
        _ what: String,
        limit: Duration = .seconds(600),
        line: UInt = #line,
        until isSo: () -> Bool
    ) async throws {
        let end = EventLoop.main.now + limit
        while !isSo() {
            guard EventLoop.main.now < end else {
                return XCTFail("waited in vain for \(what)", line: line)
            }
            try await sleep(for: .milliseconds(10))
        }
    }

    func end() async {
        await fleet.end(reason: "the test is over")
    }
}

/// The entries of a log from warnings on.
final class RecordedEntries: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}

/// Keeps what is logged.
private struct RecordingLog: LogHandler {
    let entries: RecordedEntries
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    init(_ entries: RecordedEntries) { self.entries = entries }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let labels = (event.metadata ?? [:]).sorted { $0.key < $1.key }
        entries.add("\(event.message) " + labels.map { "\($0)=\($1)" }.joined(separator: " "))
    }
}

/// What a test has happen to one request.
enum Interference {
    case pass
    /// It is carried out, and answered after a time.
    case delay(Duration)
    /// It is lost.
    case lose
    /// This message comes back instead.
    case answer([UInt8])

    /// An answer with a status of NVMe, and bytes of data when that is success.
    static func completion(_ request: Request, status: UInt16 = 0, _ data: [UInt8] = []) -> Self {
        let words: [UInt8] =
            Array(repeating: 0, count: 10) + [UInt8(status << 1 & 0xFF), UInt8(status >> 7)]
        return .answer(
            Response.encode(category: .admin, slot: request.slot, body: words + data)
        )
    }

    /// A refusal with a status of NVMe-MI.
    static func refusal(_ request: Request, _ status: ManagementStatus) -> Self {
        .answer(Response.encode(refusing: request, status: status))
    }
}

/// Carries messages to simulated drives and back, without any time in between.
@LoopActor
final class DriveTransport: Transport {
    nonisolated var description: String { "bench" }
    let isShared = false
    var tellsNetworksApart = true
    var statistics: TransportStatistics { TransportStatistics() }
    var tap: (@LoopActor (CarriedMessage) -> Void)?
    var devices: [EndpointAddress: NVMeMIDevice.Drive] = [:]
    var interfere: (EndpointAddress, Request) -> Interference = { _, _ in .pass }
    private(set) var requests: [(address: EndpointAddress, request: Request)] = []
    private(set) var released: [EndpointAddress] = []
    /// What comes of asking for an endpoint ID.
    var controlAnswer = EndpointIDAnswer.silent

    func dropped(from address: EndpointAddress) -> UInt64 { 0 }
    func forget(_ address: EndpointAddress) {}
    func close() {}
    func releaseTags(of address: EndpointAddress) { released.append(address) }

    func askForEndpointID(
        of address: EndpointAddress,
        until deadline: MonotonicInstant
    ) async -> EndpointIDAnswer {
        controlAnswer
    }

    func begin(
        to address: EndpointAddress,
        type: MessageType,
        owner: any ExchangeOwner
    ) throws(TransportError) -> any OpenExchange {
        DriveExchange(address, self, owner)
    }

    /// What a drive answers, and after which time.
    fileprivate func take(
        _ message: [UInt8],
        to address: EndpointAddress
    ) -> (answers: [[UInt8]], delay: Duration) {
        guard let request = try? Request.parse(message) else {
            preconditionFailure("the client sent a message that is no request")
        }
        requests.append((address, request))
        let interference = interfere(address, request)
        switch interference {
        case .pass, .delay:
            let requester = NVMeMIDevice.Requester(
                route: 0,
                endpoint: 8,
                destination: address.endpoint.rawValue,
                tag: 0
            )
            let now = DeviceTime(clamping: EventLoop.main.now.nanoseconds / 1_000_000)
            let device = devices[address]?.endpoints.first
            let answers = device?.receive(message, from: requester, at: now).map(\.message) ?? []
            if case .delay(let delay) = interference { return (answers, delay) }
            return (answers, .zero)
        case .lose: return ([], .zero)
        case .answer(let message): return ([message], .zero)
        }
    }

    /// How often a drive was asked for something.
    func count(_ matches: (Request) -> Bool) -> Int { requests.count { matches($0.request) } }
}

@LoopActor
private final class DriveExchange: OpenExchange {
    private let address: EndpointAddress
    private let transport: DriveTransport
    /// Nil when the exchange has ended.
    private var owner: (any ExchangeOwner)?

    init(
        _ address: EndpointAddress,
        _ transport: DriveTransport,
        _ owner: any ExchangeOwner
    ) {
        self.address = address
        self.transport = transport
        self.owner = owner
    }

    var outlivesFirstAnswer: Bool { true }

    func send(_ message: [UInt8]) throws(TransportError) -> Bool {
        let (answers, delay) = transport.take(message, to: address)
        if !answers.isEmpty {
            EventLoop.main.schedule(after: delay) { [self] in
                for answer in answers { _ = owner?.arrived(.success(answer)) }
            }
        }
        return true
    }

    func stopSending() {}

    func end(answersMayCome: Bool?) { owner = nil }
}

/// A directory of endpoints that does what the test says, and as mctpd does tells that an endpoint cannot be reached as soon
/// as it recovers it.
@LoopActor
final class ScriptedDirectory: EndpointDirectory {
    weak var fleet: Fleet?
    var mayControl = true
    var onRecover: (EndpointAddress) throws(DirectoryError) -> Void = { _ in }
    private(set) var recoveries: [(address: EndpointAddress, at: MonotonicInstant)] = []
    private(set) var routes: [EndpointAddress: UInt32] = [:]

    func recover(_ address: EndpointAddress) async throws(DirectoryError) {
        recoveries.append((address, EventLoop.main.now))
        try onRecover(address)
        fleet?.connectivityChanged(address, isConnected: false)
    }

    func setRouteMTU(_ mtu: UInt32, of address: EndpointAddress) async throws(DirectoryError) {
        routes[address] = mtu
    }
}

/// Keeps in mind which objects are there, and holds the model to its word.
@LoopActor
final class RecordingObserver: FleetObserver {
    private(set) var objects: [ObjectIdentifier: any ModelObject] = [:]
    private(set) var changes = 0

    func appeared(_ object: any ModelObject) {
        let former = objects.updateValue(object, forKey: ObjectIdentifier(object))
        XCTAssertNil(former, "\(object) appeared twice")
    }

    func changed(_ object: any ModelObject) { changes += 1 }

    func vanished(_ object: any ModelObject) {
        XCTAssertNotNil(
            objects.removeValue(forKey: ObjectIdentifier(object)),
            "\(object) was not there"
        )
    }

    func count<Kind: ModelObject>(_ kind: Kind.Type) -> Int { objects.values.count { $0 is Kind } }
}

extension Request {
    var isHealthPoll: Bool { category == .managementInterface && opcode == 0x01 }
    var isAdmin: Bool { category == .admin }
    /// Whether it asks for the NVM Subsystem Information.
    var isSubsystemQuestion: Bool {
        category == .managementInterface && opcode == 0x00 && bytes.dropFirst(11).first == 0x00
    }

    /// The structure that an Identify asks for; nil for other requests.
    var identified: UInt8? { isAdmin && opcode == 0x06 && bytes.count > 44 ? bytes[44] : nil }
}

extension FleetBench {
    /// Begins to sanitize a drive.
    func startSanitize(_ action: SanitizeAction, on drive: NVMeMIDrives.Drive) throws -> Job {
        try fleet.jobs.start(
            SanitizeWork(.subsystem(Sanitize(action, on: 0))),
            on: drive,
            by: .somebody
        )
    }

    /// Begins to give a drive's namespace 1 a format, and to erase it.
    func startFormat(
        _ format: UInt8,
        on drive: NVMeMIDrives.Drive,
        timeLimit: Duration
    ) throws -> Job {
        try fleet.jobs.start(
            FormatWork(
                FormatNVM(1, on: 0, formatIndex: format, erase: .userData),
                of: [1],
                timeLimit: timeLimit
            ),
            on: drive,
            by: .somebody
        )
    }
}

extension JobStarter {
    /// Somebody without special rights.
    static let somebody = JobStarter(
        userID: 1000,
        caller: ":1.5",
        requester: NVMeMIDrives.Requester("user 1000")
    )
}
