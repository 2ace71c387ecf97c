/*
 * Measures D-Bus round trips of two services in turn.
 *
 *     roundtrip ADDRESS ROUNDS CALLS NAME OBJECT INTERFACE MEMBER [ARGUMENT...] -- NAME OBJECT ...
 *
 * Calls each method CALLS times in each of ROUNDS rounds, changing the order from round to round so
 * that what happens on the machine meanwhile happens to both. Arguments are strings. Prints the two
 * medians in nanoseconds.
 */

#include "bus.h"

#include <errno.h>

struct method {
    const char *name, *object, *interface, *member;
    char **arguments;
    uint64_t *samples;
    size_t count;
};

static void call(sd_bus *bus, struct method *method, int counts) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *request = NULL, *reply = NULL;
    uint64_t began = nanoseconds();
    int result;

    result = sd_bus_message_new_method_call(bus, &request, method->name, method->object,
                                            method->interface, method->member);
    for (char **argument = method->arguments; result >= 0 && *argument; argument++)
        result = sd_bus_message_append(request, "s", *argument);
    if (result >= 0)
        result = sd_bus_call(bus, request, 0, &error, &reply);
    if (result < 0)
        fail(method->member, result, &error);
    if (counts)
        method->samples[method->count++] = nanoseconds() - began;
    sd_bus_message_unref(request);
    sd_bus_message_unref(reply);
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static uint64_t median(struct method *method) {
    qsort(method->samples, method->count, sizeof(*method->samples), ascending);
    return method->samples[method->count / 2];
}

int main(int argc, char **argv) {
    struct method methods[2] = {0};
    int rounds, calls, second;
    sd_bus *bus;

    for (second = 4; second < argc && strcmp(argv[second], "--") != 0; second++)
        ;
    if (second < 8 || argc - second < 5) {
        fprintf(stderr, "usage: %s ADDRESS ROUNDS CALLS METHOD -- METHOD\n", argv[0]);
        return 2;
    }
    argv[second] = NULL;
    rounds = atoi(argv[2]);
    calls = atoi(argv[3]);
    for (int i = 0; i < 2; i++) {
        char **words = argv + (i == 0 ? 4 : second + 1);

        methods[i] = (struct method){words[0], words[1], words[2], words[3], words + 4, NULL, 0};
        methods[i].samples = calloc((size_t)rounds * (size_t)calls, sizeof(uint64_t));
        if (!methods[i].samples)
            fail("memory", -ENOMEM, NULL);
    }

    bus = connect_to(argv[1]);
    for (int round = -1; round < rounds; round++)
        for (int turn = 0; turn < 2; turn++)
            for (int i = 0; i < calls; i++)
                call(bus, &methods[(round + turn) & 1], round >= 0);

    printf("%llu %llu\n", (unsigned long long)median(&methods[0]),
           (unsigned long long)median(&methods[1]));
    sd_bus_flush_close_unref(bus);
    return 0;
}
