extension Fault {
    /// Every option that a fault takes.
    public static let options: [FaultOption] = [
        FaultOption(name: "category", documentation: "only commands of: control, mi, admin, pcie") {
            (fault, text) throws(ValueError) in
            fault.category = try ValueError.choice(text)
        },
        number("opcode", "only commands of this opcode", UInt8.self) { $0.opcode = $1 },
        number("count", "number of commands hit, then the fault ends", UInt32.self) {
            $0.count = $1
        },
        number("skip", "number of commands that pass first", UInt32.self) { $0.skip = $1 },
        number("delay-ms", "delay in milliseconds", UInt32.self) { $0.delay = $1 },
        number("time-ms", "time that More Processing Required announces", UInt32.self) {
            $0.time = $1
        },
        number("bytes", "number of bytes cut, kept or added", UInt32.self) { $0.bytes = $1 },
        number("status", "NVMe-MI status", UInt8.self) { $0.status = $1 },
        number("parameter-byte", "byte that Invalid Parameter points at", UInt16.self) {
            $0.parameterByte = $1
        },
        number("parameter-bit", "bit that Invalid Parameter points at", UInt8.self) {
            $0.parameterBit = $1 & 0x07
        },
        number("nvme-status", "NVMe status, completion dword 3 bits 31:17", UInt16.self) {
            $0.nvmeStatus = $1
        },
        number("type", "message type byte of the answer", UInt8.self) { $0.messageType = $1 },
    ]

    /// A fault by the name of its kind and options as text.
    ///
    /// - Parameters:
    ///   - name: A raw value of ``Kind``.
    ///   - options: Names of ``options`` with their values.
    /// - Throws: ``ValueError`` naming what is not known or not readable.
    public init(
        named name: String,
        options: [(name: String, value: String)]
    )
        throws(ValueError)
    {
        guard let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValueError("there is no fault '\(name)'; there are \(known)")
        }
        self.init(kind)
        for (name, value) in options { try set(name, to: value) }
    }

    /// A fault from the form `NAME,option=value,…` that the command line has.
    ///
    /// - Parameter text: The name and options.
    /// - Throws: ``ValueError`` naming what is not known or not readable.
    public init(parsing text: String) throws(ValueError) {
        let parts = TextValue.list(text)
        var options: [(name: String, value: String)] = []
        for part in parts.dropFirst() {
            guard let sign = part.firstIndex(of: "=") else {
                throw ValueError("'\(part)' is not of the form option=value")
            }
            let value = part[part.index(after: sign)...]
            options.append((TextValue.trimmed(part[..<sign]), TextValue.trimmed(value)))
        }
        try self.init(named: parts.first ?? "", options: options)
    }

    /// Sets one option from its text.
    mutating func set(_ name: String, to value: String) throws(ValueError) {
        guard let option = Fault.options.first(where: { $0.name == name }) else {
            let known = Fault.options.map(\.name).joined(separator: ", ")
            throw ValueError("a fault has no option '\(name)'; it has \(known)")
        }
        do {
            try option.set(&self, value)
        } catch {
            throw ValueError("\(name): \(error.reason)")
        }
    }

    private static func number<Number: FixedWidthInteger & UnsignedInteger & Sendable>(
        _ name: String,
        _ documentation: String,
        _ type: Number.Type,
        _ assign: @escaping @Sendable (inout Fault, Number) -> Void
    ) -> FaultOption {
        FaultOption(name: name, documentation: documentation) {
            (fault, text) throws(ValueError) in
            assign(&fault, try ValueError.integer(text))
        }
    }
}
