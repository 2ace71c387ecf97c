@testable import nvmemi

/// Drives as the daemon shows them, of every kind that an operator meets.
enum FleetBench {
    static let now: UInt64 = 1_795_774_400_000
    static let longSerial = "S6CLNX0T912345ABCDEF"

    /// One of each: fine, too warm, worn, out of reach, new, and one with two ways to it.
    static var inventory: Inventory {
        Inventory(
            drive(
                "SIM1",
                [9],
                model: "Simulated NVMe Drive",
                serial: "SIM00000001",
                capacity: 960_197_124_096,
                celsius: 34,
                wear: 1,
                spare: 100
            )
                + drive(
                    "SIM2",
                    [10, 11],
                    model: "Simulated Dual-Port Enterprise Drive",
                    serial: longSerial,
                    capacity: 3_840_755_982_336,
                    health: "critical",
                    reasons: ["Has reached its critical temperature of 80 °C"],
                    celsius: 81,
                    wear: 12,
                    spare: 100,
                    limits: (70, 80)
                )
                + drive(
                    "SIM3",
                    [12],
                    model: "Simulated M.2 Drive",
                    serial: "SIM00000003",
                    capacity: 512_110_190_592,
                    health: "critical",
                    reasons: ["Can only be read", "Has used 97 % of its life"],
                    celsius: 38,
                    wear: 97,
                    spare: 3,
                    updated: now - 65_000
                )
                + drive(
                    "SIM4",
                    [13],
                    model: "Simulated One-Slot Drive",
                    serial: "SIM00000004",
                    capacity: 0,
                    state: "unavailable",
                    health: "unavailable",
                    reasons: ["Does not answer"],
                    stateReason: "Does not answer. It is tried again from time to time.",
                    celsius: 40,
                    wear: 3,
                    spare: nil,
                    updated: now - 3_600_000
                )
                + [endpoint(14, drive: nil, [.init("State", .text("initializing"))])]
        )
    }

    private static func drive(
        _ name: String,
        _ endpoints: [UInt8],
        model: String,
        serial: String,
        capacity: UInt64,
        state: String = "ready",
        health: String = "fine",
        reasons: [String] = [],
        stateReason: String = "",
        celsius: Int64,
        wear: UInt64,
        spare: UInt64?,
        limits: (warning: Int64, critical: Int64) = (0, 0),
        updated: UInt64 = now - 4_000
    ) -> [Inventory.Object] {
        let path = "\(Inventory.root)/drives/\(name)"
        let object = Inventory.Object(
            path: path,
            properties: .dictionary([
                .init("Name", .text(name)), .init("SerialNumber", .text(serial)),
                .init("ModelNumber", .text(model)), .init("FirmwareRevision", .text("1.0.0")),
                .init("State", .text(state)), .init("StateReason", .text(stateReason)),
                .init("StateSince", .unsigned(now - 7_200_000)), .init("Health", .text(health)),
                .init("HealthReasons", .list(reasons.map(Datum.text))),
                .init("HealthSince", .unsigned(now - 600_000)),
                .init("Capacity", .unsigned(capacity)),
                .init("WarningTemperature", .integer(limits.warning)),
                .init("CriticalTemperature", .integer(limits.critical)),
                .init("ActiveEndpoint", .text(self.path(endpoints[0]))),
            ])
        )
        return [object]
            + endpoints.map { number in
                endpoint(
                    number,
                    drive: path,
                    [
                        .init("State", .text(state)), .init("MIVersion", .text("1.2")),
                        .init("Updated", .unsigned(updated)),
                        .init("PollInterval", .unsigned(10_000)),
                        .init("CompositeTemperatureState", .text("Measured")),
                        .init("CompositeTemperature", .integer(celsius)),
                        .init("PercentageDriveLifeUsed", .unsigned(wear)),
                        .init("AvailableSpare", .unsigned(spare ?? 255)),
                        .init(
                            "SMARTWarnings",
                            .list(reasons.contains("Can only be read") ? [.text("ReadOnly")] : [])
                        ),
                    ]
                )
            }
    }

    private static func endpoint(
        _ number: UInt8,
        drive: String?,
        _ entries: [Datum.Entry]
    ) -> Inventory.Object {
        .init(
            path: path(number),
            properties: .dictionary(entries + [.init("Drive", .text(drive ?? "/"))])
        )
    }

    private static func path(_ number: UInt8) -> String {
        "\(Inventory.root)/networks/1/endpoints/\(number)"
    }
}
