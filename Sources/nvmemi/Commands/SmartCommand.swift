import ArgumentParser

struct SmartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smart",
        abstract: "Show the SMART / health information log of a controller.",
        usage: "nvmemi smart <controller> [options]",
        discussion: """
            What the drive has counted over its life: temperatures, wear, data read and written, power \
            cycles, errors. Data units are thousands of 512 bytes; the amount they make is beside them.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    func run() throws {
        let name = controller
        try options.perform { client, output in
            let path = try await client.controller(name).path
            try output.show(try await client.dictionary(path, "Controller1", "GetSmartLog"))
        }
    }
}
