extension Inventory {
    /// The drive that a name means: one of its endpoints, its serial number, its place, or its name on the bus.
    func drive(named name: EndpointName) throws(Failure) -> Drive {
        let text = name.text.lowercased()
        let exact = drives.filter { drive in
            let summary = DriveSummary(drive)
            return [summary.name, summary.place, summary.serialNumber, summary.path]
                .contains { $0?.lowercased() == text }
        }
        if exact.count == 1 { return exact[0] }
        let begins = drives.filter {
            !text.isEmpty
                && (DriveSummary($0).serialNumber?.lowercased().hasPrefix(text) ?? false)
        }
        let isAddress = name.readings.contains { reading in
            if case .serialNumber = reading { false } else { true }
        }
        if begins.count == 1, !isAddress { return begins[0] }
        let endpoint = try resolve(name)
        guard let drive = drives.first(where: { $0.endpoints.contains(endpoint) }) else {
            return Drive(object: nil, endpoints: [endpoint])
        }
        return drive
    }

    /// The endpoint that a name means; of a drive with several, when the drive is named, the one that commands take.
    func endpoint(named name: EndpointName) throws(Failure) -> Endpoint {
        let isNamedByAddress = name.readings.contains { reading in
            endpoints.contains { endpoint in
                switch reading {
                case .address(let network, let number):
                    endpoint.endpoint == number && (network ?? endpoint.network) == endpoint.network
                case .path(let path): endpoint.path == path
                case .serialNumber: false
                }
            }
        }
        if !isNamedByAddress, name.controller == nil || name.text.first == "/",
            let drive = try? drive(named: name), let endpoint = drive.endpoints.first
        {
            return endpoint
        }
        return try resolve(name)
    }

    /// An endpoint by its name; of a drive that was there and is not, says so.
    private func resolve(_ name: EndpointName) throws(Failure) -> Endpoint {
        do {
            return try name.resolve(among: endpoints)
        } catch {
            guard let drive = missing.named(name.text) else { throw error }
            throw Failure(
                .noEndpoint,
                "\(drive.label) is missing since \(Moment.described(drive.since))",
                advice: "`nvmemi history \(drive.serialNumber)` tells what happened to it."
            )
        }
    }
}
