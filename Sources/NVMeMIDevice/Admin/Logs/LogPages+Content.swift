internal import NVMeMI

/// The log pages that are lists of what the drive supports, and those of its background work.
extension AdminContext {
    /// Supported Log Pages (00h): a dword for each identifier.
    var supportedLogPages: [UInt8] {
        var table = Table(entries: 256)
        for page in AdminContext.logPages where page.exists(in: drive) {
            table[Int(page.identifier)] = 1
        }
        return table.bytes
    }

    /// Changed Attached Namespace List (04h); reading clears it unless the command retains it.
    func changedNamespaces() -> [UInt8] {
        let changed = drive.controllers[controller].changedNamespaces
        var table = Table(entries: 1_024)
        if changed.count > 1_024 {
            table[0] = 0xFFFF_FFFF
        } else {
            for (index, identifier) in changed.enumerated() { table[index] = identifier }
        }
        let retains = bits(15...15, of: 10) == 1
        if !retains { drive.controllers[controller].changedNamespaces = [] }
        return table.bytes
    }

    /// Commands Supported and Effects (05h): Admin commands, then I/O commands.
    var commandEffects: [UInt8] {
        var table = Table(entries: 1_024)
        for entry in AdminTable.all where entry.option.map(drive.has) ?? true {
            table[Int(entry.opcode.rawValue)] = entry.effects
        }
        // Flush, Write, Read and Dataset Management, of which two change the content of blocks.
        for (opcode, effects) in [0x00: 1, 0x01: 3, 0x02: 1, 0x09: 3] as KeyValuePairs {
            table[256 + opcode] = UInt32(effects)
        }
        return table.bytes
    }

    /// Device Self-test (06h): what runs, then the results, newest first.
    var selfTestResults: [UInt8] {
        let current = drive.selfTest.current(at: now)
        var log = SelfTestLog()
        log.currentOperation = SelfTestCode(rawValue: current.code)
        log.currentCompletion = current.completion
        log.results = drive.selfTest.results.map { result in
            var entry = SelfTestResult()
            entry.outcome = SelfTestOutcome(rawValue: result.outcome)
            entry.code = SelfTestCode(rawValue: result.code)
            entry.powerOnHours = result.powerOnHours
            entry.namespace = result.namespace
            if result.namespace != 0 { entry.valid = .namespace }
            if let failure = result.failure { entry.take(failure) }
            return entry
        }
        // The layout writes what is missing as zeroes, which would be results that passed.
        log.results += Array(repeating: SelfTestResult(), count: 20 - log.results.count)
        return log.data
    }

    /// Feature Identifiers Supported and Effects (12h): a dword for each identifier.
    var featureEffects: [UInt8] {
        var table = Table(entries: 256)
        for (identifier, feature) in drive.controllers[controller].features.features {
            // Supported, changes the controller's capabilities, scope namespace or controller.
            table[Int(identifier)] = feature.isPerNamespace ? 0x0010_0011 : 0x0020_0011
        }
        return table.bytes
    }

    /// NVMe-MI Commands Supported and Effects (13h): a dword for each opcode.
    var managementCommandEffects: [UInt8] {
        var table = Table(entries: 1_024)
        for entry in CommandTable.management.all where entry.isSupported(by: drive) {
            table[Int(entry.declaration.opcode)] = 1
        }
        return table.bytes
    }

    /// Sanitize Status (81h), of the subsystem or, on drives that sanitize namespaces, of one.
    func sanitizeStatus() throws(AdminFailure) -> [UInt8] {
        let namespace = command.namespace
        let isWhole =
            namespace == 0 || namespace == Self.broadcast || !drive.has(.sanitizeNamespace)
        let state: SanitizeState
        if isWhole {
            state = drive.sanitize
        } else if let namespace = drive.namespaces[namespace] {
            state = namespace.sanitize
        } else {
            throw .invalidNamespace
        }
        var log = SanitizeStatusLog()
        log.progress = state.progress(at: now)
        log.outcome = SanitizeOutcome(rawValue: state.status.rawValue)
        log.overwritePasses = state.overwritePasses(at: now)
        // The field came with NVMe 2.1.
        if drive.description.nvmeVersion >= 0x0002_0100 {
            log.state = NVMeMI.SanitizeState(rawValue: state.phase)
        }
        log.isGlobalDataErased = state.isErased
        log.commandDword10 = state.command
        let seconds = (drive.description.sanitizeTime + 999) / 1_000
        log.overwriteTime = seconds
        log.blockEraseTime = seconds
        log.cryptoEraseTime = seconds
        log.overwriteTimeWithoutDeallocate = seconds
        log.blockEraseTimeWithoutDeallocate = seconds
        log.cryptoEraseTimeWithoutDeallocate = seconds
        return log.data
    }

    /// A page that is a row of dwords.
    private struct Table {
        private var dwords: [UInt32]

        init(entries: Int) { dwords = Array(repeating: 0, count: entries) }

        subscript(index: Int) -> UInt32 {
            get { dwords[index] }
            set { dwords[index] = newValue }
        }

        var bytes: [UInt8] {
            var writer = ByteWriter(capacity: dwords.count * 4)
            for dword in dwords { writer.append(dword) }
            return writer.bytes
        }
    }
}

extension SelfTestResult {
    /// A segment failed, and it may be known by which block.
    fileprivate mutating func take(_ failure: SelfTestState.Failure) {
        segment = failure.segment
        guard failure.namespace != 0 else { return }
        // Unrecovered Read Error.
        (statusCodeType, statusCode) = (2, 0x81)
        (namespace, failingBlock) = (failure.namespace, failure.block)
        valid = [.namespace, .failingBlock, .statusCodeType, .statusCode]
    }
}
