import NVMeMI
import NVMeMIClient

/// What a controller can do, as far as it keeps lists of it, and the firmware that it has.
///
/// The lists are read once for each firmware, and all of it when the endpoint is known: nobody waits for it.
extension InventoryReader {
    /// Notes what of it is to be asked for, where the controller has it.
    func followAbilities(of number: UInt16) {
        guard let controller = controller(number), let abilities = controller.identity?.abilities
        else { return }
        func has(_ page: LogPageIdentifier) -> Bool {
            !abilities.missingPages.contains(page.rawValue)
        }
        if controller.listedPages == nil, has(.supportedLogPages) {
            followLater(.listOfPages(number))
        }
        if controller.listedCommands == nil, has(.commandEffects) {
            followLater(.listOfCommands(number))
        }
        if abilities.hasFirmwareCommands { followLater(.firmwareSlots(number)) }
    }

    func askForFirmware(of number: UInt16) async throws(SessionError) {
        guard let controller = controller(number), let identity = controller.identity else {
            return
        }
        let log = try await perform(
            GetLogPage.firmwareSlots(on: number).retainingEvents(with: identity.logPageAbilities)
        )
        controller.firmware = FirmwareFacts(log, slots: identity.abilities.firmwareSlots)
    }

    func askForPages(of number: UInt16) async throws(SessionError) {
        controller(number)?.listedPages = try await list(in: .supportedLogPages, of: number)
    }

    func askForCommands(of number: UInt16) async throws(SessionError) {
        // The Admin commands are the first quarter.
        controller(number)?.listedCommands = try await list(in: .commandEffects, of: number)
    }

    /// The codes whose dword in a log page has bit 0; nil for a list that has none, which is as good as none.
    private func list(
        in page: LogPageIdentifier,
        of controller: UInt16
    ) async throws(SessionError) -> CodeSet? {
        let size = 4 * (Int(UInt8.max) + 1)
        let data = try await perform(
            GetLogPage(page, on: controller, length: UInt32(size))
        )
        // What is not there would be taken for what the controller does not have.
        guard data.count >= size else {
            throw .decoding(
                DecodingError(
                    subject: "\(page)",
                    field: "list",
                    offset: data.count,
                    expected: "\(size) bytes",
                    got: "\(data.count)"
                )
            )
        }
        let set = CodeSet { data[Int($0) * 4] & 1 == 1 }
        return set.isEmpty ? nil : set
    }
}

extension ControllerAbilities {
    /// Whether firmware can be replaced at all.
    fileprivate var hasFirmwareCommands: Bool {
        !missingCommands.contains(AdminOpcode.firmwareCommit.rawValue)
    }
}

extension Controller {
    /// Has its lists read again.
    func forgetLists() {
        listedPages = nil
        listedCommands = nil
    }
}
