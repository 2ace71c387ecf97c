/*
 * Tells when so many endpoints of the bridge have become ready.
 *
 *     ready ADDRESS NUMBER
 *
 * Prints "listening", then, when it has seen that many, the time of the machine's monotonic clock in
 * nanoseconds.
 */

#include "bus.h"

static int number;

/* PropertiesChanged(s interface, a{sv} changed, as invalidated). */
static int changed(sd_bus_message *signal, void *data, sd_bus_error *error) {
    const char *interface, *property, *state;
    int result;

    (void)data;
    (void)error;
    result = sd_bus_message_read(signal, "s", &interface);
    if (result >= 0)
        result = sd_bus_message_enter_container(signal, 'a', "{sv}");
    while (result >= 0 && (result = sd_bus_message_enter_container(signal, 'e', "sv")) > 0) {
        result = sd_bus_message_read(signal, "s", &property);
        if (result >= 0 && strcmp(property, "State") == 0) {
            result = sd_bus_message_read(signal, "v", "s", &state);
            if (result >= 0 && strcmp(state, "ready") == 0)
                number--;
        } else if (result >= 0)
            result = sd_bus_message_skip(signal, "v");
        if (result >= 0)
            result = sd_bus_message_exit_container(signal);
    }
    if (result < 0)
        fail("PropertiesChanged", result, NULL);
    return 0;
}

int main(int argc, char **argv) {
    sd_bus *bus;
    int result;

    if (argc != 3) {
        fprintf(stderr, "usage: %s ADDRESS NUMBER\n", argv[0]);
        return 2;
    }
    number = atoi(argv[2]);
    bus = connect_to(argv[1]);
    result = sd_bus_add_match(bus, NULL,
                              "type='signal',interface='org.freedesktop.DBus.Properties',"
                              "member='PropertiesChanged',arg0='xyz.openbmc_project.NVMeMI.Endpoint1'",
                              changed, NULL);
    if (result < 0)
        fail("match", result, NULL);
    puts("listening");
    fflush(stdout);
    while (number > 0) {
        result = sd_bus_process(bus, NULL);
        if (result == 0)
            result = sd_bus_wait(bus, UINT64_MAX);
        if (result < 0)
            fail("bus", result, NULL);
    }
    printf("%llu\n", (unsigned long long)nanoseconds());
    sd_bus_flush_close_unref(bus);
    return 0;
}
