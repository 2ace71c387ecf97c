internal import NVMeMI

/// Format NVM.
extension AdminContext {
    func format() throws(AdminFailure) -> AdminResult {
        let wanted = try namespacesToFormat()
        if drive.description.formatsInBackground {
            drive.beginFormat(wanted, command: dword(10), controller: controller)
        } else {
            drive.carryOutFormat(wanted, command: dword(10), controller: controller)
        }
        return AdminResult()
    }

    /// The namespaces that the command is about.
    ///
    /// - Throws: Why it is not carried out.
    func namespacesToFormat() throws(AdminFailure) -> [UInt32] {
        let format = FormatNVM.formatIndex(of: dword(10))
        guard Int(format) < drive.description.formats.count else { throw .failed(.invalidFormat) }
        guard bits(9...11, of: 10) <= 2 else { throw .invalidField(dword: 10, byte: 1) }
        let metadata = drive.description.formats[Int(format)].metadataSize
        // Protection of type 1 at the end of the metadata is what there is.
        let (type, isFirst) = (bits(5...7, of: 10), bits(8...8, of: 10) == 1)
        guard type == 0 || type == 1 && !isFirst && metadata >= 8 else {
            throw .failed(.invalidFormat)
        }
        let wanted: [NamespaceState]
        if drive.description.formatsAllNamespaces {
            // Of the whole subsystem, attached or not.
            wanted = drive.namespaces.namespaces
        } else if command.namespace == Self.broadcast {
            wanted = drive.namespaces.namespaces.filter(isActive)
        } else {
            guard let namespace = drive.namespaces[command.namespace] else {
                throw .invalidNamespace
            }
            wanted = [namespace]
        }
        guard !wanted.contains(where: \.isWriteProtected) else {
            throw .failed(.namespaceWriteProtected)
        }
        return wanted.map(\.identifier)
    }
}

extension FormatNVM {
    /// The LBA format that command dword 10 asks for.
    static func formatIndex(of command: UInt32) -> UInt8 {
        UInt8(command & 0x0F) | UInt8(command >> 12 & 0x03) << 4
    }
}

extension Drive {
    /// Begins to format namespaces behind the answer.
    func beginFormat(_ namespaces: [UInt32], command: UInt32, controller: Int) {
        selfTest.finish(outcome: 4, powerOnHours: health.powerOnHours(at: now))
        rememberFormat(namespaces, command, controller)
        format.begin(
            namespaces,
            command: command,
            at: now,
            until: now + DeviceTime(description.formatTime),
            isBehindAnswer: true
        )
        onChange?()
    }

    /// Formats namespaces.
    func carryOutFormat(_ namespaces: [UInt32], command: UInt32, controller: Int) {
        selfTest.finish(outcome: 4, powerOnHours: health.powerOnHours(at: now))
        rememberFormat(namespaces, command, controller)
        change(namespaces, by: command)
    }

    /// The time of the format that goes on is over: what went on behind its answer is carried out now, else the
    /// command that waits for it is.
    func endFormat() {
        let (namespaces, command) = (format.namespaces, format.command)
        let isBehindAnswer = format.isBehindAnswer
        format.stop()
        if isBehindAnswer { change(namespaces, by: command) }
    }

    /// How long a format is worked on before it is answered, which shows as progress from now on; none for other
    /// commands, and for one that is refused.
    func formattingTime(of request: Request) -> DeviceTime {
        guard request.category == .admin, request.opcode == AdminOpcode.formatNVM.rawValue,
            has(.format), !description.formatsInBackground, description.formatTime > 0,
            !format.isRunning, sanitize.status != .inProgress,
            let command = try? AdminCommand(request: request),
            let controller = controllerIndex(command.controller)
        else { return 0 }
        let context = AdminContext(drive: self, now: now, command: command, controller: controller)
        guard let namespaces = try? context.namespacesToFormat() else { return 0 }
        let time = DeviceTime(description.formatTime)
        let end = now + DeviceTime(description.latency) + time
        format.begin(namespaces, command: command.dword10, at: now, until: end)
        return time
    }

    private func change(_ identifiers: [UInt32], by command: UInt32) {
        let format = FormatNVM.formatIndex(of: command)
        for identifier in identifiers {
            guard var namespace = namespaces[identifier] else { continue }
            let old = UInt64(description.formats[Int(namespace.format)].dataSize)
            let new = UInt64(description.formats[Int(format)].dataSize)
            let blocks = namespace.blocks &* old / new
            namespace.blocks = blocks
            namespace.capacity = blocks
            namespace.used = 0
            namespace.format = format
            namespace.protection = UInt8(command >> 5 & 0x0F)
            namespace.metadataIsInterleaved = command & 0x10 != 0
            namespaces[identifier] = namespace
            noteChange(ofNamespace: identifier, controllers: namespace.controllers)
        }
        remember(.formatCompletion, formatImage(identifiers))
    }

    private func rememberFormat(_ identifiers: [UInt32], _ command: UInt32, _ controller: Int) {
        var image = ByteImage(size: 12)
        image.put(identifiers.count == 1 ? identifiers[0] : 0xFFFF_FFFF, at: 0)
        image.put(command, at: 8)
        remember(.formatStart, controller: controller, image.bytes)
    }

    private func formatImage(_ identifiers: [UInt32]) -> [UInt8] {
        var image = ByteImage(size: 12)
        image.put(identifiers.count == 1 ? identifiers[0] : 0xFFFF_FFFF, at: 0)
        return image.bytes
    }
}
