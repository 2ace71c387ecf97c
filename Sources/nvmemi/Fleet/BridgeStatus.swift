import DBus
import EventLoop

/// What the daemon says of itself and of what it stands on; nil for what an older one does not tell.
struct BridgeStatus: Equatable, Sendable {
    var version: String
    /// In milliseconds of Unix time, as the other times.
    var startTime: UInt64?
    /// What carries the messages.
    var carrier: String
    var isCarrierConnected: Bool?
    var carrierSince: UInt64?
    var isMctpdPresent: Bool?
    var mctpdSince: UInt64?
    /// granted, denied or unknown.
    var mctpdControl: String?
    var logLevel: String?

    init(manager: Datum, diagnostics: Datum) {
        func moment(_ name: String) -> UInt64? {
            manager[name]?.number.map { UInt64(max(0, $0)) }
        }
        func truth(_ name: String) -> Bool? {
            guard case .boolean(let value)? = manager[name] else { return nil }
            return value
        }
        version = manager["Version"]?.nonEmptyText ?? "unknown"
        startTime = moment("StartTime")
        carrier = manager["Carrier"]?.nonEmptyText ?? "unknown"
        isCarrierConnected = truth("CarrierConnected")
        carrierSince = moment("CarrierSince")
        isMctpdPresent = truth("MctpdPresent")
        mctpdSince = moment("MctpdSince")
        mctpdControl = manager["MctpdControl"]?.nonEmptyText
        logLevel = diagnostics["LogLevel"]?.nonEmptyText
    }

    @LoopActor
    init(_ client: Client) async throws {
        let manager = Datum(try await client.properties(Inventory.root, "Manager1"))
        // Whoever may not read that may read the rest.
        let diagnostics = try? await client.properties(Inventory.root, "Diagnostics1")
        self.init(manager: manager, diagnostics: diagnostics.map { Datum($0) } ?? .null)
    }
}
