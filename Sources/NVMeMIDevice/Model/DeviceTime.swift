/// Milliseconds on a clock of the caller's choice that never goes back.
///
/// The drive has no clock of its own: every call that can depend on time brings it along, so that
/// tests can run through hours in no time.
public typealias DeviceTime = UInt64
