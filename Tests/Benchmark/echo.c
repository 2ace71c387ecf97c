/*
 * The least that a D-Bus service can be: one property and one method, with sd-bus.
 *
 * What the bridge is measured against. It holds the reply in memory and reaches no device.
 *
 *     echo ADDRESS
 */

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

struct service {
    const char *state;
};

static int echo(sd_bus_message *call, void *data, sd_bus_error *error) {
    const char *text;
    int result;

    (void)data;
    (void)error;
    result = sd_bus_message_read(call, "s", &text);
    if (result < 0)
        return result;
    return sd_bus_reply_method_return(call, "s", text);
}

static const sd_bus_vtable members[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("State", "s", NULL, offsetof(struct service, state),
                    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_METHOD("Echo", "s", "s", echo, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

int main(int argc, char **argv) {
    struct service service = {.state = "ready"};
    sd_bus *bus = NULL;
    int result;

    if (argc != 2) {
        fprintf(stderr, "usage: %s ADDRESS\n", argv[0]);
        return 2;
    }
    result = sd_bus_new(&bus);
    if (result >= 0)
        result = sd_bus_set_address(bus, argv[1]);
    if (result >= 0)
        result = sd_bus_set_bus_client(bus, 1);
    if (result >= 0)
        result = sd_bus_start(bus);
    if (result >= 0)
        result = sd_bus_add_object_vtable(bus, NULL, "/echo", "benchmark.Echo", members, &service);
    if (result >= 0)
        result = sd_bus_request_name(bus, "benchmark.Echo", 0);
    while (result >= 0) {
        result = sd_bus_process(bus, NULL);
        if (result == 0)
            result = sd_bus_wait(bus, UINT64_MAX);
    }
    fprintf(stderr, "echo: %s\n", strerror(-result));
    return 1;
}
