import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// A drive on a bench: messages go in by hand, and time passes when the test says so.
final class DriveBench {
    let drive: Drive
    let endpoint: ManagementEndpoint
    /// Milliseconds since the drive was switched on.
    var now: DeviceTime = 0
    var requester = Requester(route: 7, endpoint: 8, destination: 9, tag: 3)

    init(_ description: DriveDescription = DriveDescription()) throws {
        try description.validate()
        drive = Drive(description)
        endpoint = try XCTUnwrap(drive.endpoints.first)
    }

    /// Sends a whole message.
    func send(_ message: [UInt8]) -> [Outgoing] {
        endpoint.receive(message, from: requester, at: now)
    }

    /// Sends a message that lacks its integrity check, given in hexadecimal.
    func send(unsealed text: String) -> [Outgoing] {
        send(ResponseMessage.seal(bytes(text)))
    }

    /// Lets time pass.
    func wait(_ milliseconds: DeviceTime) -> [Outgoing] {
        now += milliseconds
        return endpoint.advance(to: now)
    }

    /// Sends a message and expects one answer at once.
    func exchange(_ message: [UInt8], line: UInt = #line) throws -> Response {
        let sent = send(message)
        XCTAssertEqual(sent.count, 1, line: line)
        return try Response.parse(try XCTUnwrap(sent.first, line: line).message)
    }

    /// Sends a message that lacks its integrity check and expects one answer at once.
    func exchange(unsealed text: String, line: UInt = #line) throws -> Response {
        try exchange(ResponseMessage.seal(bytes(text)), line: line)
    }

    /// Runs a command.
    @discardableResult
    func run<C: Command>(
        _ command: C,
        slot: CommandSlot = .zero,
        line: UInt = #line
    ) throws -> C.Reply {
        try command.decode(try exchange(command.encode(slot: slot), line: line))
    }

    /// Runs an Admin command and returns all of its completion.
    func complete(_ command: AdminCommand, line: UInt = #line) throws -> AdminReply {
        try command.decodeCompletion(try exchange(command.encode(slot: .zero), line: line))
    }
}

/// An Admin command with dwords.
func admin(
    _ opcode: AdminOpcode,
    namespace: UInt32 = 0,
    controller: UInt16 = 0,
    dword10: UInt32 = 0,
    dword11: UInt32 = 0,
    dword12: UInt32 = 0,
    offset: UInt32 = 0,
    length: UInt32 = 0,
    data: [UInt8] = []
) -> AdminCommand {
    var command = AdminCommand(
        opcode,
        controller: controller,
        namespace: namespace,
        offset: offset,
        length: length,
        data: data
    )
    command.dword10 = dword10
    command.dword11 = dword11
    command.dword12 = dword12
    return command
}

/// Asserts that a command is refused with a status, and where the refusal points.
func assertRefused(
    _ response: Response,
    _ status: ManagementStatus,
    byte: UInt16? = nil,
    line: UInt = #line
) {
    XCTAssertEqual(response.status, status, line: line)
    XCTAssertEqual(response.bytes.count, Response.headerSize, line: line)
    XCTAssertEqual(response.parameterErrorLocation?.byte, byte, line: line)
}
