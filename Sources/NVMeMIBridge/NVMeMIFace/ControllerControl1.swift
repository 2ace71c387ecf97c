import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// What changes a controller.
    static let controllerControl = Interface(
        "xyz.openbmc_project.NVMeMI.ControllerControl1",
        documentation: "A controller of the NVM subsystem. Writing.",
        right: .writing
    ) {
        Method(
            "SetFeature",
            """
            Set Features: the feature identifier, its value (dword 11), and data for features that have \
            some, a multiple of 4 bytes up to 4096. Returns the command specific result. Options: nsid (u), \
            for features that a namespace has; save (b), to keep the value over resets; cdw12, cdw13, cdw15 \
            (u); uuid-index (y, to 127); serial-number (s), the drive's, which is compared when it is given, and \
            has to be given for what cannot be undone: namespace write protection (84h) with state 2 or 3 \
            (see require-serial-number in the configuration); force (b) for a controller that says it cannot; \
            timeout-ms (u, 1 to 600000).
            """,
            in: ["fid", "value", "data", "options"],
            out: ["result"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                fid: UInt8,
                value: UInt32,
                data: [UInt8],
                options: VariantDictionary
            ) async throws -> UInt32 in
            try await controller.setFeature(fid, value, data, options, for: call)
        }

        Method(
            "SetFeatureNamed",
            """
            Sets values of a feature by the names of its fields, as GetFeatureNamed has them; the others stay \
            as they are. Returns the command specific result. Options: nsid (u), for features that a namespace \
            has; save (b), to keep the value over resets; serial-number (s), as SetFeature has it; force (b) for \
            a controller that says it cannot; timeout-ms (u, 1 to 600000), for reading and setting.
            """,
            in: ["name", "values", "options"],
            out: ["result"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                name: String,
                values: VariantDictionary,
                options: VariantDictionary
            ) async throws -> UInt32 in
            try await controller.setNamedFeature(name, values, options, for: call)
        }

        Method(
            "Reset",
            """
            Resets the controller. NVMe-MI has no reset but that of the NVM subsystem, which is this one: \
            where the subsystem has other controllers, which would be reset as well, it is refused, and \
            EndpointControl1.Reset is for that. Options and answer as there.
            """,
            in: ["options"]
        ) { (controller: Controller, call: Invocation, options: VariantDictionary) async throws in
            let others = controller.endpoint.inventory.controllers.count - 1
            guard others < 1 else {
                throw BusErrors.notAllowed(
                    "controller \(controller.identifier) cannot be reset alone: a reset of the NVM subsystem "
                        + "resets \(others) more; EndpointControl1.Reset does that"
                )
            }
            try await controller.endpoint.reset(options, for: call)
        }

        controllerJobs
    }
}

extension Controller {
    fileprivate func setFeature(
        _ fid: UInt8,
        _ value: UInt32,
        _ data: [UInt8],
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> UInt32 {
        guard data.count % 4 == 0, data.count <= Int(Transfer.pieceSize) else {
            throw BusErrors.invalidArgument(
                "\(data.count) bytes of data cannot be sent; it takes a multiple of 4, up to "
                    + "\(Transfer.pieceSize)"
            )
        }
        var options = CallOptions(dictionary)
        var command = SetFeatures(
            FeatureIdentifier(rawValue: fid),
            on: identifier,
            namespace: try options.number("nsid", in: 0...UInt32.max) ?? 0,
            value: value,
            data: data,
            isSaved: try options.flag("save") ?? false
        )
        command.specific12 = try options.number("cdw12", in: 0...UInt32.max) ?? 0
        command.specific13 = try options.number("cdw13", in: 0...UInt32.max) ?? 0
        command.specific15 = try options.number("cdw15", in: 0...UInt32.max) ?? 0
        command.uuidIndex = try options.number("uuid-index", in: 0...UInt8(127)) ?? 0
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        let deadline = Transfer.TimeLeft(try options.timeLimit())
        try options.finish()
        let details = [
            ("feature", "\(command.feature)"), ("value", "\(value)"),
            ("nsid", "\(command.namespace)"),
        ]
        return try await call.recording("SetFeature", on: endpoint, details) {
            try await check(command, serialNumber, isForced: isForced, deadline, for: call)
            return try await endpoint.perform(
                command,
                for: call.requester,
                timeLimit: deadline.left,
                isWriting: true
            )
        }
    }
}
