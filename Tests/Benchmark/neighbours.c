/*
 * Measures the calls of one method of one object while others are called that do not answer.
 *
 *     neighbours ADDRESS SECONDS CALLS NAME INTERFACE MEMBER OBJECT [NEIGHBOUR...]
 *
 * Another connection calls the method of every neighbour, each again a second after its last call
 * has ended, whatever its end. The first of these calls are spread over so many seconds; then CALLS
 * calls of OBJECT are made one after the other. Prints the nanoseconds that each took, and on the standard error output
 * how many of the neighbours' calls ended meanwhile.
 */

#include "bus.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct neighbour {
    const char *object;
    uint64_t next;
    int is_called;
};

enum { PAUSE = 1000000000 };

static const char *name, *interface, *member;
static volatile sig_atomic_t told_to_end;

static void end(int number) {
    (void)number;
    told_to_end = 1;
}

static int ended(sd_bus_message *reply, void *data, sd_bus_error *error) {
    struct neighbour *neighbour = data;

    (void)reply;
    (void)error;
    neighbour->is_called = 0;
    neighbour->next = nanoseconds() + PAUSE;
    return 0;
}

static void call_neighbours(const char *address, unsigned seconds, char **objects, int count) {
    struct neighbour *neighbours = calloc((size_t)count, sizeof(*neighbours));
    sd_bus *bus = connect_to(address);
    uint64_t began = nanoseconds();
    unsigned calls = 0, open = 0;

    for (int i = 0; i < count; i++) {
        uint64_t delay = (uint64_t)i * seconds * 1000000000u / (uint64_t)count;

        neighbours[i] = (struct neighbour){objects[i], began + delay, 0};
    }
    while (!told_to_end) {
        uint64_t now = nanoseconds(), next = now + PAUSE;
        int result;

        for (int i = 0; i < count; i++) {
            struct neighbour *neighbour = &neighbours[i];

            if (!neighbour->is_called && neighbour->next <= now) {
                sd_bus_message *call = NULL;

                result = sd_bus_message_new_method_call(bus, &call, name, neighbour->object,
                                                        interface, member);
                if (result >= 0)
                    result = sd_bus_call_async(bus, NULL, call, ended, neighbour, UINT64_MAX);
                if (result < 0)
                    fail(neighbour->object, result, NULL);
                sd_bus_message_unref(call);
                neighbour->is_called = 1;
                calls++;
            }
            if (!neighbour->is_called && neighbour->next < next)
                next = neighbour->next;
        }
        while ((result = sd_bus_process(bus, NULL)) > 0)
            ;
        if (result < 0)
            fail("neighbours", result, NULL);
        now = nanoseconds();
        sd_bus_wait(bus, next > now ? (next - now) / 1000 + 1 : 0);
    }
    for (int i = 0; i < count; i++)
        open += (unsigned)neighbours[i].is_called;
    fprintf(stderr, "neighbours: %u calls ended, %u are open\n", calls - open, open);
    exit(0);
}

static uint64_t measure(sd_bus *bus, const char *object) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *reply = NULL;
    uint64_t began = nanoseconds();
    int result = sd_bus_call_method(bus, name, object, interface, member, &error, &reply, NULL);
    uint64_t time = nanoseconds() - began;

    if (result < 0)
        fail(object, result, &error);
    sd_bus_message_unref(reply);
    return time;
}

int main(int argc, char **argv) {
    uint64_t *samples;
    pid_t child = -1;
    sd_bus *bus;
    int calls;

    if (argc < 8) {
        fprintf(stderr,
                "usage: %s ADDRESS SECONDS CALLS NAME INTERFACE MEMBER OBJECT [NEIGHBOUR...]\n",
                argv[0]);
        return 2;
    }
    calls = atoi(argv[3]);
    name = argv[4];
    interface = argv[5];
    member = argv[6];
    if (argc > 8) {
        child = fork();
        if (child < 0)
            fail("fork", -1, NULL);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            /* Without SA_RESTART, which would have the wait go on. */
            sigaction(SIGTERM, &(struct sigaction){.sa_handler = end}, NULL);
            call_neighbours(argv[1], (unsigned)atoi(argv[2]), argv + 8, argc - 8);
        }
    }
    sleep((unsigned)atoi(argv[2]));
    samples = calloc((size_t)calls, sizeof(*samples));
    bus = connect_to(argv[1]);
    for (int i = -100; i < calls; i++) {
        uint64_t time = measure(bus, argv[7]);

        if (i >= 0)
            samples[i] = time;
    }
    if (child > 0) {
        int status;

        kill(child, SIGTERM);
        waitpid(child, &status, 0);
        if (status != 0) {
            fprintf(stderr, "neighbours: the other connection ended with status %d\n", status);
            return 1;
        }
    }
    for (int i = 0; i < calls; i++)
        printf("%llu\n", (unsigned long long)samples[i]);
    sd_bus_flush_close_unref(bus);
    return 0;
}
