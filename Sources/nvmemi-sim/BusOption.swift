internal import ArgumentParser

/// The bus, which may stand before a subcommand and behind it: a group that both have is filled from both places.
struct BusOption: ParsableArguments {
    @Option(
        help: "Bus: system, session or an address. (default: NVMEMI_BUS for control, else system)"
    )
    var bus: String?
}
