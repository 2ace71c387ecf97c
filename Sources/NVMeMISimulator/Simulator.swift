public import DBus
public import EventLoop
public import MCTP
public import NVMeMIDevice

/// A whole simulation: drives, and the faces through which others reach them.
///
///     var options = Simulator.Options()
///     options.bus = .session
///     options.standsInForMctpd = true
///     options.demultiplexer = .standard
///     let simulator = try await Simulator(options)
///     try simulator.network.plug(DriveDescription.model("dual-port")!)
@LoopActor
public final class Simulator {
    /// Which faces a simulation has.
    public struct Options: Sendable {
        /// The bus for the stand-in and the control interface.
        public var bus = BusAddress.system
        /// Whether to stand in for mctpd on the bus.
        public var standsInForMctpd = false
        /// Time between the polls of mctpd's Recover.
        public var recoverInterval = Duration.milliseconds(2_500)
        /// Whether to publish the control interface on the bus.
        public var hasControlInterface = false
        /// Where to listen as libmctp's demultiplexer; `nil` not to.
        public var demultiplexer: DemuxAddress?
        /// Whether each endpoint gets a terminal that speaks MCTP over serial.
        public var hasTerminals = false
        /// Whether the kernel makes network devices of the terminals at once.
        public var attachesKernel = false
        /// MCTP network of drives that do not name one.
        public var network: UInt32 = 1
        /// Endpoint identifiers are given out from here on.
        public var firstIdentifier: UInt8 = 9
        /// Endpoint identifier of the machine.
        public var ownIdentifier: UInt8 = 8

        /// No face at all.
        public init() {}
    }

    /// The drives.
    public let network: SimulatedNetwork
    /// The stand-in for mctpd, when there is one.
    public let mctpd: MctpdStandIn?
    /// The demultiplexer socket, when there is one.
    public let demultiplexer: DemuxServer?
    /// Called when the bus has gone away.
    public var onDisconnect: (@LoopActor () -> Void)?

    private let serial: SerialFace?
    private var control: ControlInterface?

    /// Brings up the faces with drives behind them.
    ///
    /// - Parameters:
    ///   - options: Which faces.
    ///   - entries: The drives that are there from the start.
    /// - Throws: `DBusError`, `SystemCallError` or ``PlugError``, whichever face or drive cannot be
    ///   had.
    public init(
        _ options: Options,
        drives entries: [DescriptionFile.Entry] = []
    ) async throws {
        let network = SimulatedNetwork(
            defaultNetwork: options.network,
            firstIdentifier: options.firstIdentifier,
            ownIdentifier: options.ownIdentifier
        )
        self.network = network
        for entry in entries { try network.plug(entry) }
        demultiplexer = try options.demultiplexer.map {
            try DemuxServer(
                listeningOn: $0,
                simulation: network,
                network: options.network
            )
        }
        serial =
            options.hasTerminals || options.attachesKernel
            ? try SerialFace(simulation: network, attachesKernel: options.attachesKernel) : nil
        var standIn = MctpdStandIn.Options(bus: options.bus)
        standIn.recoverInterval = options.recoverInterval
        mctpd =
            options.standsInForMctpd
            ? MctpdStandIn(simulation: network, options: standIn) : nil
        do {
            try await mctpd?.start()
            if options.hasControlInterface {
                control = try await ControlInterface(
                    simulation: network,
                    standIn: mctpd,
                    bus: options.bus
                )
            }
        } catch {
            close()
            throw error
        }
        mctpd?.onDisconnect = { [weak self] in self?.onDisconnect?() }
        control?.onDisconnect = { [weak self] in self?.onDisconnect?() }
    }

    /// Takes every face away.
    public func close() {
        onDisconnect = nil
        control?.close()
        mctpd?.stop()
        demultiplexer?.close()
        serial?.close()
        for drive in network.drives { network.pull(drive) }
    }
}

extension SimulatedNetwork {
    /// Plugs in the drives of a file's entry, each with its own serial number.
    func plug(_ entry: DescriptionFile.Entry) throws(PlugError) {
        for copy in 0..<entry.copies {
            var description = entry.drive
            if !entry.hasSerialNumber || copy > 0 {
                description = description.individual(Int(nextNumber))
            }
            // Only the first copy can have the identifiers that the file gives.
            if copy > 0 { description.endpointIdentifiers = [] }
            try plug(description, faults: entry.faults)
        }
    }
}
