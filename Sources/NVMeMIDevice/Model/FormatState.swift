/// The format operation that goes on.
struct FormatState {
    /// The namespaces that are formatted; none when nothing goes on.
    private(set) var namespaces: [UInt32] = []
    /// Command dword 10.
    private(set) var command: UInt32 = 0
    private var start: DeviceTime = 0
    private(set) var end: DeviceTime = 0
    /// The command was answered when it began.
    private(set) var isBehindAnswer = false

    var isRunning: Bool { !namespaces.isEmpty }

    mutating func begin(
        _ namespaces: [UInt32],
        command: UInt32,
        at now: DeviceTime,
        until end: DeviceTime,
        isBehindAnswer: Bool = false
    ) {
        self.isBehindAnswer = isBehindAnswer
        self.namespaces = namespaces
        self.command = command
        start = now
        self.end = end
    }

    mutating func stop() { namespaces = [] }

    /// Percent of a namespace that remain to be formatted; 0 when it is not being formatted.
    func remaining(of namespace: UInt32, at now: DeviceTime) -> UInt8 {
        guard namespaces.contains(namespace), end > start, now < end else { return 0 }
        // Rounded up: what is not done is never told as done.
        return UInt8(clamping: ((end - max(now, start)) * 100 + (end - start) - 1) / (end - start))
    }
}
