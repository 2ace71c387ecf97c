/// What requesters configured for a port; all of it is lost in a reset.
struct PortSettings {
    var transmissionUnit: UInt16 = 64
    var frequency = PortDescription.Frequency.standard
}
