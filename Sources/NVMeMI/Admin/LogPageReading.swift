/// A log page that is being read: the commands of a plan, and what their answers add up to.
///
/// Take the next command, give back what it returned or the device's refusal, until there is none.
public struct LogPageReading: Sendable {
    /// What was read so far, never more than the plan's length.
    public private(set) var data: [UInt8] = []

    /// True when less was read than was wished because the device gives no more of the page.
    public private(set) var isCut: Bool

    private let plan: LogPagePlan
    private var commands: LogPagePlan.Iterator
    private var current: GetLogPage?
    private var fallback: GetLogPage?
    private var isAtEnd = false

    /// Begins to read a page.
    ///
    /// - Parameters:
    ///   - plan: The commands.
    ///   - length: Bytes that were wished, if more than the plan could promise.
    public init(_ plan: LogPagePlan, of length: UInt64? = nil) {
        self.plan = plan
        commands = plan.makeIterator()
        isCut = plan.length < length ?? plan.length
    }

    /// The command to send now, nil at the end.
    public mutating func next() -> GetLogPage? {
        if isAtEnd { return nil }
        current = fallback ?? commands.next()
        return current
    }

    /// Takes what the last command returned; fewer bytes than it asked for are the end of the page.
    public mutating func take(_ piece: [UInt8]) {
        guard let current else { return }
        isAtEnd = fallback != nil || piece.count < Int(clamping: current.dataLength)
        if current.dataOffset > 0, isBeginning(piece) {
            // The device ignored the offset of the message.
            isAtEnd = true
            isCut = true
            return
        }
        data += piece
        let room = Int(clamping: plan.length)
        if data.count > room { data.removeLast(data.count - room) }
    }

    /// Takes a refusal of the last command.
    ///
    /// - Throws: The refusal, unless it is one of the message's data offset, after which there may be less to read.
    public mutating func take(_ refusal: DeviceError) throws(DeviceError) {
        guard plan.usesDataOffset, fallback == nil, refusal.permanence == .forGood else {
            throw refusal
        }
        isCut = true
        if data.isEmpty {
            fallback = plan.beginning
        } else {
            isAtEnd = true
        }
    }

    /// True for bytes that are the page's first again, unless nothing can be told from them.
    private func isBeginning(_ piece: [UInt8]) -> Bool {
        guard let first = piece.first, piece.contains(where: { $0 != first }) else { return false }
        return data.starts(with: piece)
    }
}
