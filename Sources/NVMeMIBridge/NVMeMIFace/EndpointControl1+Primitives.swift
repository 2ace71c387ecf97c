import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// Members that send control primitives.
    @InterfaceBuilder<Endpoint>
    static var primitiveMembers: [InterfaceMember<Endpoint>] {
        Method(
            "ControlPrimitive",
            """
            Sends a control primitive: Pause, Resume, Abort, GetState or Replay, for command slot 0, \
            or with ":1" after the name for slot 1. The parameter is the control primitive specific \
            parameter; the control primitive specific response is returned, which SendControlPrimitive \
            decodes.
            """,
            in: ["name", "parameter"],
            out: ["response"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                name: String,
                parameter: UInt16
            ) async throws
                -> UInt16 in
            try await endpoint.controlPrimitive(name, parameter: parameter, for: call).response
        }

        Method(
            "SendControlPrimitive",
            """
            Sends a control primitive and returns what its answer says: Response (q), the control primitive \
            specific response; of GetState also SlotState (s), Errors (as) and Paused (b); of Abort Outcome \
            (s): CompleteOrNothing, BeforeProcessing or PartiallyProcessed; of Replay ResponseReplayed (b); of \
            Pause, whose flags only NVMe-MI 1 has, Slot0Paused and Slot1Paused (b). Options: slot (y, 0 or 1); parameter \
            (q), the control primitive specific parameter; timeout-ms (u, 1 to 600000).
            """,
            in: ["name", "options"],
            out: ["answer"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                name: String,
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            var options = CallOptions(options)
            let slot = try options.number("slot", in: UInt8(0)...1) ?? 0
            let parameter = try options.number("parameter", in: 0...UInt16.max) ?? 0
            let timeLimit = try options.timeLimit()
            try options.finish()
            let (opcode, response) = try await endpoint.controlPrimitive(
                name + (slot == 1 ? ":1" : ""),
                parameter: parameter,
                timeLimit: timeLimit,
                for: call
            )
            var answer = VariantDictionary(
                ControlAnswer.namedValues(opcode: opcode, response: response)
            )
            answer["Response"] = .uint16(response)
            return answer
        }
    }
}

extension Endpoint {
    /// Sends a control primitive by name, with ":1" after it for slot 1.
    fileprivate func controlPrimitive(
        _ text: String,
        parameter: UInt16,
        timeLimit: Duration? = nil,
        for call: Invocation
    ) async throws -> (opcode: UInt8, response: UInt16) {
        // "Get State" is GetState on the bus.
        let known = CommandDeclaration.all.filter { $0.category == .controlPrimitive }
            .map { (name: $0.name.filter { $0 != " " }, opcode: $0.opcode) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, let opcode = known.first(where: { $0.name == name })?.opcode,
            parts.count == 1 || parts.count == 2 && (parts[1] == "0" || parts[1] == "1")
        else {
            let names = known.map(\.name).joined(separator: ", ")
            throw BusErrors.invalidArgument(
                "unknown control primitive '\(text)'; they are \(names), followed by ':1' for slot 1"
            )
        }
        let response = try await perform(
            RawControlPrimitive(
                opcode: opcode,
                tag: session.nextControlTag(),
                parameter: parameter
            ),
            for: call.requester,
            timeLimit: timeLimit,
            isWriting: true,
            slot: parts.last == "1" ? .one : .zero
        )
        return (opcode, response)
    }
}
