import ArgumentParser
import DBus

struct VPDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vpd",
        abstract: "Show the Vital Product Data of a drive.",
        usage: "nvmemi vpd <endpoint> [--hex | --raw | --output <file>] [options]",
        discussion: """
            The image that a drive keeps of itself in the format of IPMI's field replaceable units: product \
            information, power, ports, topology.

            --hex, --raw and --output write the bytes instead of what they mean.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var binary: BinaryOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    @Option(
        help: "How many bytes to read; needed where the image does not tell its length.",
        transform: Number.parse
    )
    var length: UInt16?

    func run() throws {
        let (name, binary, length) = (endpoint, binary, length)
        try options.perform { client, output in
            let path = try await client.endpoint(name).path
            if !binary.wantsBytes {
                do {
                    let datum = try await client.dictionary(path, "Endpoint1", "GetVPD")
                    try output.show(datum) { $0.lines(datum.without("RawData")) }
                    return
                } catch let error as DBusError where error.isStandard("UnknownMethod") {
                    // A daemon that does not decode it: the bytes are better than nothing.
                }
            }
            let image = try await VPDImage.read(path, length: length, client)
            try binary.write(image, to: output)
        }
    }
}
