extension ControllerDescription {
    /// The keys of a `[controller N]` section.
    public static let keys: [DescriptionKey<ControllerDescription>] = [
        .integer("port", \.port, "port the host uses"),
        .choice("function", \.function, "PCI function"),
        DescriptionKey("kind", "controller type: unreported, io, administrative") {
            (controller, text) throws(ValueError) in
            switch text {
            case "unreported": controller.kind = .unreported
            case "io": controller.kind = .inputOutput
            case "administrative": controller.kind = .administrative
            default: throw ValueError("'\(text)' is not unreported, io or administrative")
            }
        },
        .integer("bus", \.bus, "PCI bus number"),
        .integer("device-function", \.deviceFunction, "PCI device 7:3 and function 2:0"),
        .boolean("enabled", \.isEnabled, "a host has enabled the controller"),
    ]
}
