import DBus
import EventLoop

/// An object that gives back what it gets, for each type, at once and later.
@LoopActor
final class EchoObject {
    static let interface = Interface<EchoObject>("org.example.Echo1", documentation: "Echoes.") {
        echo("Byte", UInt8.self)
        echo("Boolean", Bool.self)
        echo("Int16", Int16.self)
        echo("UInt16", UInt16.self)
        echo("Int32", Int32.self)
        echo("UInt32", UInt32.self)
        echo("Int64", Int64.self)
        echo("UInt64", UInt64.self)
        echo("Double", Double.self)
        echo("String", String.self)
        echo("ObjectPath", ObjectPath.self)
        echo("Signature", Signature.self)
        echo("Variant", Variant.self)
        echo("Bytes", [UInt8].self)
        echo("Numbers", [UInt16].self)
        echo("Truths", [Bool].self)
        echo("Doubles", [Double].self)
        echo("Strings", [String].self)
        echo("Matrix", [[Int32]].self)
        echo("Structure", Structure<UInt8, String, Structure<Double, [UInt8]>>.self)
        echo("Structures", [Structure<String, String, String>].self)
        echo("Dictionary", [UInt16: [String]].self)
        echo("VariantDictionary", VariantDictionary.self)
        echo("Tree", [ObjectPath: [String: VariantDictionary]].self)
        echo("Enumeration", Fruit.self)
        Method("Nothing", "Nothing in, nothing out.") { (_: EchoObject, _: Invocation) in }
        Method("Three", "Three in, three out.", in: ["a", "b", "c"], out: ["c", "b", "a"]) {
            (
                _: EchoObject,
                _: Invocation,
                a: UInt8,
                b: String,
                c: [UInt8]
            ) async throws
                -> ([UInt8], String, UInt8) in
            (c, b, a)
        }
    }

    private static func echo<T: DBusType>(
        _ name: String,
        _: T.Type
    ) -> [InterfaceMember<EchoObject>] {
        InterfaceBuilder.buildBlock(
            InterfaceBuilder.buildExpression(
                Method<EchoObject>.immediate(
                    MemberName(stringLiteral: name),
                    "Echo.",
                    in: ["value"],
                    out: ["value"]
                ) { (_: EchoObject, _: Invocation, value: T) -> T in value }
            ),
            InterfaceBuilder.buildExpression(
                Method<EchoObject>(
                    MemberName(stringLiteral: name + "Later"),
                    "Echo.",
                    in: ["value"],
                    out: ["value"]
                ) { (_: EchoObject, _: Invocation, value: T) async throws -> T in
                    try await sleep(for: .zero)
                    return value
                }
            )
        )
    }
}
