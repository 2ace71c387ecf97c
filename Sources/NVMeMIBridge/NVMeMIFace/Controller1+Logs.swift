import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Members that read log pages.
    @InterfaceBuilder<Controller>
    static var logMembers: [InterfaceMember<Controller>] {
        Property(
            "SupportedLogs",
            """
            The log pages that it is known to have, with their names: those that it lists, else those that its \
            capabilities promise, and what every controller has.
            """,
            .emitsChange
        ) { (controller: Controller) in
            controller.knownPages.map { Structure($0.rawValue, "\($0)") }
        }

        Method(
            "GetLog",
            """
            A log page by name, decoded, with its bytes as RawData (ay) beside, and in LeftOut (as) what of \
            them could not be decoded. A page that takes several messages is read again when it has changed \
            meanwhile. Pages of more than 1 MiB are for ReadLogTo. Counters of more than 64 bits are the \
            largest number of 64 bits; NameExact (s) has such a one in decimal. Options: \
            nsid (u); \(LogSelection.documentation); timeout-ms (u, 1 to 600000), for all its parts.
            """,
            in: ["name", "options"],
            out: ["log"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                name: String,
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            try await controller.decodedLog(name, options, for: call)
        }

        Method(
            "GetSelfTestLog",
            """
            The results of the last self-tests, newest first, decoded; unused entries are left out. \
            GetLog of DeviceSelfTest also tells what runs.
            """,
            out: ["results"]
        ) { (controller: Controller, call: Invocation) async throws -> [Fields] in
            try await controller.selfTestResults(for: call)
        }

        Method(
            "GetSanitizeStatus",
            "The sanitize status log page, decoded. Estimates are in seconds.",
            out: ["status"]
        ) { (controller: Controller, call: Invocation) async throws -> Fields in
            try await controller.sanitizeStatus(for: call)
        }

        Method(
            "ReadLogTo",
            """
            Writes a log page of any length into a file, pipe or socket, and returns when it has all of it, \
            with the number of bytes. An error says how many were written, in words and as written (t) of its \
            details; offset goes on from there. It ends when the caller leaves the bus, and when the file \
            takes nothing for a minute. A page that has changed meanwhile, as its change counter says, is an \
            error in the end. Options: offset (t) and length (t), in bytes, where the length of pages that \
            tell it may be left out; \(LogSelection.documentation); timeout-ms (u, 1 to 86400000), for all \
            of it.
            """,
            in: ["lid", "nsid", "file", "options"],
            out: ["written"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                lid: UInt8,
                nsid: UInt32,
                file: FileDescriptorHandle,
                options: VariantDictionary
            ) async throws -> UInt64 in
            try await controller.stream(
                LogPageIdentifier(rawValue: lid),
                nsid,
                to: file,
                options,
                for: call
            )
        }
    }
}

extension Controller {
    fileprivate func stream(
        _ page: LogPageIdentifier,
        _ namespace: UInt32,
        to file: FileDescriptorHandle,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> UInt64 {
        let file = try WritableFile(file)
        var options = CallOptions(dictionary)
        let selection = try LogSelection(
            page,
            of: self,
            namespace: namespace,
            &options,
            longestTime: 86_400_000
        )
        let start = try options.number("offset", in: 0...UInt64.max - 3) ?? 0
        let length = try options.number("length", in: 1...UInt64.max - 3)
        try options.finish()
        guard start % 4 == 0 else {
            throw BusErrors.invalidArgument("option 'offset' is \(start); it takes a multiple of 4")
        }
        try selection.check(self, for: call)
        let stream = LogStream(
            of: self,
            to: file,
            timeLimit: selection.timeLimit,
            for: call.requester
        )
        let end: UInt64
        if let length {
            guard length <= UInt64.max - 3 - start else {
                throw BusErrors.invalidArgument(
                    "\(length) bytes from \(start) on reach beyond 2^64"
                )
            }
            end = start + length
            if selection.command.withoutAction != selection.command {
                // What the controller is to do beside comes first, and once.
                _ = try await self.length(
                    of: selection.command,
                    timeLimit: selection.timeLimit,
                    for: call.requester
                )
            }
        } else {
            end = try await wholeLength(selection, from: start, for: call)
        }
        try await stream.run(selection.command.withoutAction, start..<end)
        return stream.written
    }

    /// The length of a page that has one, or tells it.
    private func wholeLength(
        _ selection: LogSelection,
        from start: UInt64,
        for call: Invocation
    ) async throws -> UInt64 {
        guard
            let whole = try await length(
                of: selection.command,
                timeLimit: selection.timeLimit,
                for: call.requester
            )
        else {
            throw BusErrors.invalidArgument(
                "log page \(selection.command.page) does not tell its length; say with the option 'length' "
                    + "how many bytes"
            )
        }
        guard start < whole else {
            throw BusErrors.invalidArgument(
                "option 'offset' is \(start); log page \(selection.command.page) has \(whole) bytes"
            )
        }
        return whole
    }
}
