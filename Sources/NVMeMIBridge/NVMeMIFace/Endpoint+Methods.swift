import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// What the endpoint's methods need beyond one command.
extension Endpoint {
    /// A port that the endpoint has.
    ///
    /// - Throws: `InvalidArgs` that lists the ports; `Unavailable` while they are not known.
    func port(_ number: UInt8) throws(DBusError) -> PortInformation {
        guard !inventory.ports.isEmpty else {
            throw BusErrors.unavailable(
                address,
                reason: "its ports are not known yet; \(stateReason.detail)"
            )
        }
        guard let port = inventory.ports.first(where: { $0.number == number }) else {
            let ports = inventory.ports.map { "\($0.number) (\($0.information.type))" }
                .joined(separator: ", ")
            throw BusErrors.invalidArgument("port \(number) does not exist; the ports are \(ports)")
        }
        return port.information
    }

    /// A two-wire port that the endpoint has.
    ///
    /// - Throws: `InvalidArgs` for ports that there are not, or that are no two-wire ports.
    func twoWirePort(_ number: UInt8) throws(DBusError) -> TwoWirePort {
        let port = try port(number)
        guard let twoWire = port.twoWire else {
            throw BusErrors.invalidArgument(
                "port \(number) is a \(port.type) port; only two-wire ports have a frequency"
            )
        }
        return twoWire
    }

    /// The Vital Product Data, decoded, with its bytes.
    func decodedProductData(for call: Invocation) async throws -> VariantDictionary {
        let image = try await productData(for: call.requester)
        do throws(DecodingError) {
            return VariantDictionary(try ProductData.decode(image), raw: image)
        } catch {
            throw DriveError.command(
                CommandFailure(of: VPDRead.declaration.name, to: address, .decoding(error))
            )
        }
    }

    /// Pauses the health polls until the caller resumes them or leaves the bus.
    func pauseHealthPolling(for call: Invocation) {
        call.record("PauseHealthPolling", on: self)
        pauseHealthPolling(for: Requester(call.sender)) { gone in
            let watch = call.connection.watchClient(call.sender, gone: gone)
            return { watch.cancel() }
        }
    }

    /// Ends the caller's pause of the health polls.
    ///
    /// - Throws: `InvalidArgs` when it has none.
    func resumeHealthPolling(for call: Invocation) throws(DBusError) {
        guard resumeHealthPolling(for: Requester(call.sender)) else {
            throw BusErrors.invalidArgument(
                "the caller has not paused the health polls of \(address)"
            )
        }
        call.record("ResumeHealthPolling", on: self)
    }
}

extension ConfigurationGet {
    /// The identifier with the other bits of the dwords, as a caller gives them.
    ///
    /// - Throws: `InvalidArgs` when the dword has another identifier.
    init(raw identifier: UInt8, dword0: UInt32, dword1: UInt32) throws(DBusError) {
        try BusErrors.requireIdentifier(identifier, in: dword0)
        self.init(
            ConfigurationIdentifier(rawValue: identifier),
            specific: UInt16(truncatingIfNeeded: dword0 >> 8),
            port: UInt8(truncatingIfNeeded: dword0 >> 24),
            dword1: dword1
        )
    }
}

extension ConfigurationSet {
    /// The identifier with the other bits of the dwords and the data, as a caller gives them.
    ///
    /// - Throws: `InvalidArgs` when the dword has another identifier.
    init(raw identifier: UInt8, dword0: UInt32, dword1: UInt32, data: [UInt8]) throws(DBusError) {
        try BusErrors.requireIdentifier(identifier, in: dword0)
        self.init(
            ConfigurationIdentifier(rawValue: identifier),
            specific: UInt16(truncatingIfNeeded: dword0 >> 8),
            port: UInt8(truncatingIfNeeded: dword0 >> 24),
            dword1: dword1,
            data: data
        )
    }
}
