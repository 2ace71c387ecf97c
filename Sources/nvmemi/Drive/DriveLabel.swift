/// A drive as a person recognises it before something is done to it.
struct DriveLabel: Equatable, Sendable {
    /// Network and endpoint ID.
    var address: String
    var model: String
    var serialNumber: String?
    /// Bytes.
    var capacity: UInt64?

    init(_ endpoint: Inventory.Endpoint) {
        address = endpoint.address
        model = endpoint.property("ModelNumber").map(Quantity.plain) ?? "unknown model"
        serialNumber = endpoint.serialNumbers.first
        if case .unsigned(let bytes)? = endpoint.property("TotalCapacity"), bytes > 0 {
            capacity = bytes
        }
    }

    /// Model, serial number, capacity and address in one line.
    var description: String {
        var parts = [model, "serial number \(serialNumber ?? "unknown")"]
        if let capacity { parts.append(Quantity.scaled(Double(capacity), "B")) }
        return Columns.printable(parts.joined(separator: ", ") + " (endpoint \(address))")
    }
}
