/*
 * The least that a D-Bus service can be with libdbus: Properties.Get of one property, which it holds in memory.
 *
 * What the bridge's own part of a round trip is measured against: the library is the bridge's own.
 *
 *     echo_libdbus ADDRESS
 */

#include <dbus/dbus.h>
#include <stdio.h>

static const char *const state = "ready";

static DBusMessage *answer(DBusMessage *call) {
    DBusMessage *reply = dbus_message_new_method_return(call);
    DBusMessageIter body, variant;

    if (!reply)
        return NULL;
    dbus_message_iter_init_append(reply, &body);
    if (dbus_message_iter_open_container(&body, DBUS_TYPE_VARIANT, "s", &variant) &&
        dbus_message_iter_append_basic(&variant, DBUS_TYPE_STRING, &state) &&
        dbus_message_iter_close_container(&body, &variant))
        return reply;
    dbus_message_unref(reply);
    return NULL;
}

static DBusMessage *refuse(DBusMessage *call, const char *name, const char *text) {
    return dbus_message_new_error(call, name, text);
}

static DBusHandlerResult take(DBusConnection *bus, DBusMessage *call, void *data) {
    const char *interface, *property;
    DBusMessage *reply;

    (void)data;
    if (!dbus_message_is_method_call(call, DBUS_INTERFACE_PROPERTIES, "Get"))
        return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
    if (!dbus_message_get_args(call, NULL, DBUS_TYPE_STRING, &interface, DBUS_TYPE_STRING, &property,
                               DBUS_TYPE_INVALID))
        reply = refuse(call, DBUS_ERROR_INVALID_ARGS, "two strings are wanted");
    else
        reply = answer(call);
    if (!reply)
        return DBUS_HANDLER_RESULT_NEED_MEMORY;
    dbus_connection_send(bus, reply, NULL);
    dbus_message_unref(reply);
    return DBUS_HANDLER_RESULT_HANDLED;
}

int main(int argc, char **argv) {
    static const DBusObjectPathVTable object = {.message_function = take};
    DBusError error = DBUS_ERROR_INIT;
    DBusConnection *bus;

    if (argc != 2) {
        fprintf(stderr, "usage: %s ADDRESS\n", argv[0]);
        return 2;
    }
    bus = dbus_connection_open_private(argv[1], &error);
    if (bus && dbus_bus_register(bus, &error) &&
        dbus_connection_register_object_path(bus, "/echo", &object, NULL) &&
        dbus_bus_request_name(bus, "benchmark.LibdbusEcho", 0, &error) >= 0)
        while (dbus_connection_read_write_dispatch(bus, -1))
            ;
    fprintf(stderr, "echo_libdbus: %s\n", dbus_error_is_set(&error) ? error.message : "the bus has gone");
    return 1;
}
