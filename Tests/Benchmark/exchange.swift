// Exchanges commands with a drive by the bridge's client, for callgrind to count.
//
//     exchange-bridge identify|health NUMBER
//
// Linked with the very objects of the release build. Between two exchanges passes as much time as a tag
// rests, as with a drive that is asked now and then.

import EventLoop
import Glibc
import MCTP
import NVMeMI
import NVMeMIClient

let warmUp = 10

func fail(_ why: String) -> Never {
    let text = "exchange: \(why)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(1)
}

@LoopActor
func exchange<C: Command>(
    _ command: C,
    _ number: Int,
    _ isRight: (C.Reply) -> Bool
) async throws {
    let session = EndpointSession(
        to: EndpointAddress(network: NetworkID(1), endpoint: EndpointID(9)),
        over: try KernelTransport()
    )
    for index in -warmUp..<number {
        if index >= 0 { kernel_count(1) }
        let reply = try await session.perform(command)
        guard isRight(reply) else { fail("the answer is another") }
        if index >= 0 { kernel_count(0) }
        try await sleep(for: .milliseconds(100))
    }
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let number = Int(arguments[2]) else {
    fail("usage: \(arguments[0]) identify|health NUMBER")
}
let what = arguments[1]
EventLoop.main.takeGlobalJobs()
EventLoop.main.spawn {
    do {
        switch what {
        case "identify":
            try await exchange(Identify.controller(0), number) { $0.modelNumber == "Drive" }
        case "health":
            try await exchange(SubsystemHealthStatusPoll(), number) {
                $0.temperature.celsius == 46
            }
        default: fail("unknown command \(what)")
        }
    } catch {
        fail("\(error)")
    }
    EventLoop.main.stop()
}
EventLoop.main.run()
