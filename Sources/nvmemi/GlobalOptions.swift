import ArgumentParser
import DBus
import EventLoop

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Bus of the daemon: system, session, or a D-Bus address. (default: NVMEMI_BUS, else system)",
            valueName: "bus"
        ),
        completion: .list(["system", "session"])
    )
    var bus: String?

    @Flag(help: "Write JSON with the daemon's names and numbers instead of tables.")
    var json = false

    @Option(help: ArgumentHelp("Longest time to wait for an answer.", valueName: "seconds"))
    var timeout: Double = 30

    func validate() throws {
        guard timeout > 0, timeout <= 86_400 else {
            throw ValidationError("--timeout takes a number of seconds above 0 and up to 86400.")
        }
    }

    /// The bus that was asked for, as it is written.
    var busName: String { bus ?? Environment["NVMEMI_BUS"] ?? "system" }

    /// The bus that was asked for.
    var address: BusAddress {
        switch busName {
        case "system": .system
        case "session": .session
        case let address: .address(address)
        }
    }

    /// Connects to the daemon and runs the work of a command on the event loop, until its end.
    ///
    /// - Throws: `Failure`.
    func perform(
        _ work: @escaping @LoopActor @Sendable (Client, Output) async throws -> Void
    ) throws {
        let output = Output.standard(isJSON: json)
        let (address, timeout) = (address, Duration.seconds(timeout))
        try runOnLoop {
            let client = try Client.connect(to: address, timeout: timeout)
            defer { client.close() }
            try await work(client, output)
        }
    }
}

/// Runs asynchronous work on the event loop of this thread, and waits for its end.
func runOnLoop<Value: Sendable>(
    _ work: @escaping @LoopActor @Sendable () async throws -> Value
) throws -> Value {
    let result = LoopResult<Value>()
    EventLoop.main.spawn {
        do {
            result.value = .success(try await work())
        } catch let exit as ExitCode {
            result.value = .failure(exit)
        } catch {
            result.value = .failure(Failure(error))
        }
        EventLoop.main.stop()
    }
    EventLoop.main.run()
    return try LoopActor.assumeIsolated { try result.value.get() }
}

/// What work on the loop ended with.
@LoopActor
private final class LoopResult<Value: Sendable> {
    var value: Result<Value, any Error> = .failure(
        Failure(.failed, "The event loop ended before the work did.")
    )

    nonisolated init() {}
}
