/// The answer of a control primitive in words, for those who sent it by its opcode.
public enum ControlAnswer {
    /// The values in the 16 bits of a response (CPSR), by name.
    ///
    /// - Parameters:
    ///   - opcode: The opcode of the primitive.
    ///   - response: The bits.
    /// - Returns: What they say, each state and flag by its name; the number of a primitive that is not known.
    public static func namedValues(opcode: UInt8, response: UInt16) -> [NamedValue] {
        switch opcode {
        case Pause.declaration.opcode:
            // Of NVMe-MI 1; later versions leave them 0.
            [
                ("Slot0Paused", .boolean(response & 1 != 0)),
                ("Slot1Paused", .boolean(response & 2 != 0)),
            ]
        case Resume.declaration.opcode: []
        case Abort.declaration.opcode:
            [("Outcome", Abort().readReply(response).fieldValue)]
        case GetState.declaration.opcode: EndpointState(rawValue: response).namedValues
        case Replay.declaration.opcode:
            [("ResponseReplayed", .boolean(Replay().readReply(response)))]
        default: [("Response", .unsigned16(response))]
        }
    }
}
