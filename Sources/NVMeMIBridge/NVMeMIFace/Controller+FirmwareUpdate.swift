import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What Firmware1.Update needs.
extension Controller {
    func update(
        _ file: FileDescriptorHandle,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> ObjectPath {
        var options = CallOptions(dictionary)
        var order = FirmwareOrder(for: identifier)
        order.slot = try options.number("slot", in: UInt8(0)...7) ?? 0
        if let action = try options.number("action", in: UInt8(0)...3) {
            order.action = FirmwareCommitAction(rawValue: action)
        }
        if let text = try options.text("reset") {
            guard let reset = FirmwareOrder.Reset(rawValue: text) else {
                throw BusErrors.invalidArgument(
                    "option 'reset' is '\(text)'; it takes none, controller or subsystem"
                )
            }
            order.reset = reset
        }
        order.revision = try options.text("revision")
        let component = try options.number("component", in: UInt16.min...UInt16.max)
        let serialNumber = try options.serialNumber()
        order.isForced = try options.isForced()
        order.commitTimeLimit = try options.timeLimit()
        try options.finish()
        guard FirmwareOrder.actions.contains(order.action) else {
            throw BusErrors.invalidArgument(
                "option 'action' is \(order.action.rawValue), which takes no image; the actions that do are 0 "
                    + "(Replace), 1 (ReplaceAndActivateAtReset) and 3 (ActivateNow)"
            )
        }
        let details = [("slot", "\(order.slot)"), ("commit-action", "\(order.action)")]
        return try await call.starting("FirmwareUpdate", on: endpoint, details) {
            try endpoint.check(serialNumber: serialNumber, before: "Update")
            try endpoint.checkThatNoJobChangesIt(before: "Update")
            let image = try await firmwareImage(file, component: component)
            try check(order, imageSize: image.size)
            return FirmwareUpdate(order, image)
        }
    }

    /// The image for the controller that is in a file, raw or in a package.
    func firmwareImage(
        _ file: FileDescriptorHandle,
        component: UInt16? = nil
    ) async throws -> ImageFile {
        try await ImageFile(file, limit: endpoint.fleet.settings.firmwareImageLimit)
            .image(for: self, component: component)
    }

    /// What of the controller a package can ask for.
    fileprivate var recipient: FirmwareRecipient {
        FirmwareRecipient(
            vendorID: information.vendorID,
            deviceID: information.deviceID,
            subsystemVendorID: information.subsystemVendorID,
            subsystemID: information.subsystemID,
            model: identity?.modelNumber ?? ""
        )
    }
}

extension ImageFile {
    /// The image for a controller: the component of a package that is for it, or the whole file.
    @LoopActor
    fileprivate func image(
        for controller: Controller,
        component: UInt16?
    ) async throws -> ImageFile {
        let beginning = try read(0..<min(size, UInt32(FirmwarePackage.longestHeader)))
        guard FirmwarePackage.begins(beginning) else {
            guard component == nil else {
                throw BusErrors.invalidArgument(
                    "option 'component' is for packages, and the image is none"
                )
            }
            return self
        }
        let package: FirmwarePackage
        do throws(DecodingError) {
            package = try FirmwarePackage(beginning, fileSize: UInt64(size))
        } catch {
            throw BusErrors.invalidArgument("\(error)")
        }
        guard let device = package.device(for: controller.recipient) else {
            throw BusErrors.notAllowed(
                "the package is not for this drive, model '\(controller.recipient.model)', but for "
                    + package.deviceWords
            )
        }
        if let stated = package.payloadChecksum {
            try await check(stated, from: UInt32(package.headerSize))
        }
        let all = device.components.map { package.components[$0] }
        let fitting = all.filter { component == nil || $0.identifier == component }
        guard let chosen = fitting.first, fitting.count == 1 else {
            let names = all.map { "\($0.identifier) ('\($0.version)')" }.joined(separator: ", ")
            throw BusErrors.invalidArgument(
                "the package has \(all.count) components for this drive, of which option 'component' has to "
                    + "name one: \(names.isEmpty ? "none" : names)"
            )
        }
        return try await part(
            UInt32(chosen.place.lowerBound)..<UInt32(chosen.place.upperBound),
            facts: [
                ("PackageVersion", .text(package.version)),
                ("ComponentVersion", .text(chosen.version)),
            ]
        )
    }

    /// Refuses a package whose images are not what they were.
    @LoopActor
    private func check(_ stated: UInt32, from start: UInt32) async throws {
        let found = try await checksum(of: start..<size)
        guard found == stated else {
            throw BusErrors.invalidArgument(
                "PLDM firmware package: payload checksum: expected 0x\(String(found, radix: 16)), that of the "
                    + "bytes behind the header, got 0x\(String(stated, radix: 16))"
            )
        }
    }
}
