import MCTP
import TestSupport
import XCTest

final class ControlMessageTests: XCTestCase {
    func testRequestsComeBack() throws {
        let requests: [(ControlRequest, String)] = [
            (.setEndpointID(operation: .force, endpoint: EndpointID(20)), "00 85 01 01 14"),
            (.getEndpointID, "00 85 02"),
            (.getEndpointUUID, "00 85 03"),
            (.getVersionSupport(of: 0xFF), "00 85 04 ff"),
            (.getMessageTypeSupport, "00 85 05"),
            (.getVendorDefinedMessageSupport(selector: 0), "00 85 06 00"),
            (
                .allocateEndpointIDs(operation: 0, count: 4, first: EndpointID(30)),
                "00 85 08 00 04 1e"
            ),
            (.prepareForEndpointDiscovery, "00 85 0b"),
            (.endpointDiscovery, "00 85 0c"),
            (.other(ControlCommand(rawValue: 0x44), data: [1, 2]), "00 85 44 01 02"),
        ]
        for (request, text) in requests {
            let message = request.message(instance: 5)
            XCTAssertEqual(hexadecimal(message.bytes), text)
            XCTAssertEqual(try ControlMessage(parsing: bytes(text)), message)
            XCTAssertEqual(try ControlRequest(message), request)
        }
    }

    func testResponsesComeBack() throws {
        let responses: [(ControlResponse, String)] = [
            (
                .setEndpointID(
                    isAccepted: false,
                    pool: .present,
                    endpoint: EndpointID(9),
                    poolSize: 3
                ),
                "00 07 01 00 12 09 03"
            ),
            (
                .getEndpointID(
                    endpoint: EndpointID(9),
                    isBridge: true,
                    kind: .staticOther,
                    mediumSpecific: 1
                ), "00 07 02 00 09 13 01"
            ),
            (
                .getEndpointUUID([UInt8](0..<16)),
                "00 07 03 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
            ),
            (
                .getVersionSupport([0xF1F3_F100, 0xF1F0_FF00]),
                "00 07 04 00 02 f1 f3 f1 00 f1 f0 ff 00"
            ),
            (.getVersionSupport([]), "00 07 04 00 00"),
            (
                .getMessageTypeSupport([.control, .nvmeManagementInterface]),
                "00 07 05 00 02 00 04"
            ),
            (.other(.endpointDiscovery, data: []), "00 07 0c 00"),
        ]
        for (response, text) in responses {
            let request = ControlMessage(.request, instance: 7, command: response.command)
            let message = response.message(answering: request)
            XCTAssertEqual(hexadecimal(message.bytes), text)
            XCTAssertEqual(try ControlMessage(parsing: bytes(text)), message)
            XCTAssertEqual(try ControlResponse(message), response)
        }
    }

    func testErrorResponseMayBeShort() throws {
        let message = try ControlMessage(parsing: bytes("00 01 07 05"))
        XCTAssertEqual(message.direction, .response(.unsupportedCommand))
        XCTAssertEqual(message.data, [])
        let datagram = try ControlMessage(parsing: bytes("00 c0 0d"))
        XCTAssertEqual(datagram.direction, .datagram)
        XCTAssertEqual(hexadecimal(datagram.bytes), "00 c0 0d")
    }

    func testWhatIsNoControlMessage() {
        let messages: [(String, ControlMessageError)] = [
            ("", .tooShort(expected: 3, got: 0)),
            ("00", .tooShort(expected: 3, got: 1)),
            ("00 80", .tooShort(expected: 3, got: 2)),
            ("00 00 02", .tooShort(expected: 4, got: 3)),
            ("80 80 02", .wrongType(firstByte: 0x80)),
            ("84 08 00", .wrongType(firstByte: 0x84)),
            ("00 40 02", .wrongDirection(flags: 0x40)),
        ]
        for (text, error) in messages {
            XCTAssertThrowsError(try ControlMessage(parsing: bytes(text)), text) {
                XCTAssertEqual($0 as? ControlMessageError, error, text)
            }
        }
    }

    func testLengthsAndFieldsAreChecked() {
        func requestError(_ command: ControlCommand, _ data: String) -> ControlMessageError? {
            do throws(ControlMessageError) {
                _ = try ControlRequest(
                    ControlMessage(.request, instance: 0, command: command, data: bytes(data))
                )
                return nil
            } catch {
                return error
            }
        }
        func responseError(_ command: ControlCommand, _ data: String) -> ControlMessageError? {
            do throws(ControlMessageError) {
                _ = try ControlResponse(
                    ControlMessage(
                        .response(.success),
                        instance: 0,
                        command: command,
                        data: bytes(data)
                    )
                )
                return nil
            } catch {
                return error
            }
        }
        XCTAssertEqual(requestError(.setEndpointID, "00"), .wrongLength(expected: 2, got: 1))
        XCTAssertEqual(requestError(.getEndpointID, "00"), .wrongLength(expected: 0, got: 1))
        XCTAssertEqual(responseError(.getEndpointUUID, "00"), .wrongLength(expected: 16, got: 1))
        XCTAssertEqual(
            responseError(.getMessageTypeSupport, "02 00"),
            .wrongLength(expected: 3, got: 2)
        )
        XCTAssertEqual(
            responseError(.getVersionSupport, "ff"),
            .wrongLength(expected: 1021, got: 1)
        )
        XCTAssertEqual(responseError(.getVersionSupport, ""), .tooShort(expected: 1, got: 0))
        XCTAssertEqual(
            responseError(.setEndpointID, "20 09 00"),
            .invalidField(name: "status", value: 0x20)
        )
        XCTAssertEqual(
            responseError(.setEndpointID, "03 09 00"),
            .invalidField(name: "status", value: 0x03)
        )
        XCTAssertEqual(
            responseError(.getEndpointID, "09 20 00"),
            .invalidField(name: "type", value: 0x20)
        )
    }

    func testRandomBytesDoNoHarm() {
        var random = SeededGenerator(seed: 7)
        var understood = 0
        for _ in 0..<20_000 {
            var message = random.bytes(Int.random(in: 0...12, using: &random))
            if message.count > 2 {
                message[0] = 0
                message[1] &= 0xDF  // One bit is reserved.
                message[2] %= 16
            }
            guard let parsed = try? ControlMessage(parsing: message) else { continue }
            XCTAssertEqual(parsed.bytes, message)
            if let request = try? ControlRequest(parsed), case .request = parsed.direction {
                understood += 1
                XCTAssertEqual(request.command, parsed.command)
                XCTAssertEqual(request.data.count, parsed.data.count)
            }
            if let response = try? ControlResponse(parsed), case .response = parsed.direction {
                understood += 1
                XCTAssertEqual(response.data.count, parsed.data.count)
            }
        }
        XCTAssertGreaterThan(understood, 1000)
    }
}
