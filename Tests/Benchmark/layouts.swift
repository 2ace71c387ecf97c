// What layouts cost: decodes a structure for callgrind to count, or tells how much memory the tables take.
//
//     layouts health|identify NUMBER     decodes NUMBER times
//     layouts memory                     prints bytes allocated for the tables, and their fields
//
// Linked with the very objects of the release build.

import Glibc
import NVMeMI

func fail(_ why: String) -> Never {
    let text = "layouts: \(why)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(1)
}

/// Decodes once for the table, then as often as wanted.
func decode<Structure: DataStructure>(
    _ type: Structure.Type,
    _ data: [UInt8],
    _ number: Int,
    _ isRight: (Structure) -> Bool
) {
    for index in -1..<number {
        if index >= 0 { kernel_count(1) }
        guard let structure = try? Structure(data: data) else { fail("it is malformed") }
        if index >= 0 { kernel_count(0) }
        guard isRight(structure) else { fail("it is another") }
    }
}

/// A controller as the drive of the exchange has it: texts, and five power states.
var controller: [UInt8] {
    var controller = IdentifyController()
    controller.vendorID = 0x1DE5
    controller.serialNumber = "SIM00000001"
    controller.modelNumber = "Drive"
    controller.firmwareRevision = "1.0.0"
    controller.subsystemNQN = "nqn.2014-08.org.nvmexpress:uuid:01234567-89ab-cdef-0123-456789abcdef"
    controller.greatestPowerState = 4
    controller.powerStates = Array(repeating: PowerState(), count: 5)
    return controller.data
}

/// Bytes in use by malloc, before and after the tables were made, and the fields that they have.
func memory() -> (bytes: Int, fields: Int) {
    let before = bytes_in_use()
    let fields = [
        IdentifyController.layout.table.count, IdentifyNamespace.layout.table.count,
        PowerState.layout.table.count, LBAFormat.layout.table.count,
        SmartLog.layout.table.count, SubsystemHealth.layout.table.count,
        ControllerHealth.layout.table.count, ControllerInformation.layout.table.count,
    ].reduce(0, +)
    return (Int(bytes_in_use()) - Int(before), fields)
}

let arguments = CommandLine.arguments
switch (arguments.dropFirst().first, arguments.count) {
case ("health", 3):
    decode(SubsystemHealth.self, [0x38, 0xFF, 46, 5, 0, 0, 0, 0], Int(arguments[2]) ?? 1) {
        $0.temperature.celsius == 46
    }
case ("identify", 3):
    decode(IdentifyController.self, controller, Int(arguments[2]) ?? 1) {
        $0.modelNumber == "Drive" && $0.powerStates.count == 5
    }
case ("memory", 2):
    let (bytes, fields) = memory()
    print(bytes, fields)
default: fail("usage: \(arguments[0]) health|identify NUMBER, or memory")
}
