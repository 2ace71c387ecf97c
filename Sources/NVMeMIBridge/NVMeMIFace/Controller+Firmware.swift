import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// What Firmware1's methods need.
extension Controller {
    func download(_ data: [UInt8], at offset: UInt32, for call: Invocation) async throws {
        guard !data.isEmpty, data.count % 4 == 0, offset % 4 == 0,
            UInt64(offset) + UInt64(data.count) <= UInt64(UInt32.max)
        else {
            throw BusErrors.invalidArgument(
                "\(data.count) bytes at offset \(offset) cannot be downloaded; both take a multiple of 4, "
                    + "the bytes at least 4, together below 2^32"
            )
        }
        let details = [("offset", "\(offset)"), ("bytes", "\(data.count)")]
        try await call.recording("FirmwareDownload", on: endpoint, details) {
            try endpoint.checkThatNoJobChangesIt(before: "Download")
            try check(.firmwareImageDownload)
            let unit = identity?.abilities.firmwarePiece ?? 4
            guard offset % unit == 0 else {
                throw BusErrors.invalidArgument(
                    "offset is \(offset); controller \(identifier) takes firmware in multiples of \(unit) "
                        + "bytes, as it says, of which only the last may have fewer"
                )
            }
            for piece in Transfer.pieces(of: UInt32(clamping: data.count)) {
                try await endpoint.perform(
                    FirmwareImageDownload(
                        Array(data[Int(piece.lowerBound)..<Int(piece.upperBound)]),
                        dwordOffset: (offset + piece.lowerBound) / 4,
                        on: identifier
                    ),
                    for: call.requester,
                    priority: .bulk,
                    isWriting: true
                )
            }
        }
    }

    func commit(
        _ slot: UInt8,
        _ action: UInt8,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        guard slot <= 7 else {
            throw BusErrors.invalidArgument("slot is \(slot); it takes 0 to 7")
        }
        let known = FirmwareCommitAction.names
        guard known.contains(where: { $0.key == action }) else {
            let names = known.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
            throw BusErrors.invalidArgument("action is \(action); the actions are \(names)")
        }
        var options = CallOptions(options)
        var command = FirmwareCommit(
            FirmwareCommitAction(rawValue: action),
            slot: slot,
            on: identifier
        )
        command.bootPartition = try options.number("boot-partition", in: UInt8(0)...1) == 1
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        try options.finish()
        let details = [("slot", "\(slot)"), ("commit-action", "\(command.action)")]
        return try await call.recording("FirmwareCommit", on: endpoint, details) {
            try endpoint.check(
                serialNumber: serialNumber,
                isRequired: false,
                before: "FirmwareCommit"
            )
            try endpoint.checkThatNoJobChangesIt(before: "Commit")
            try check(.firmwareCommit, isForced: isForced)
            if !isForced { try check(firmwareSlot: slot, command.action) }
            let outcome = try await commitFirmware(
                command,
                for: call.requester,
                timeLimit: timeLimit
            )
            return [
                "ResetNeeded": .string(outcome.reset.rawValue),
                "OverlappingUpdate": .boolean(outcome.result & 3 != 0),
                "MultipleUpdateDetection": .byte(UInt8(outcome.result & 3)),
            ]
        }
    }
}
