/// One option of a fault: its name, what it says, and how its text is read.
///
/// The options of a description file, of the command line and of the control interface all come
/// from ``Fault/options``.
public struct FaultOption: Sendable {
    /// The name in files and on the bus.
    public let name: String
    /// What the option says, with its unit.
    public let documentation: String
    /// Reads the value's text into the fault.
    let set: @Sendable (inout Fault, String) throws(ValueError) -> Void
}
