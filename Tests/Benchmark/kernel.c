/*
 * Stands in for the kernel under a program that talks to one drive over an AF_MCTP socket, so that
 * callgrind can count what the program itself spends on an exchange.
 *
 * The system calls of such a socket are defined here, in front of the C library's. They answer every
 * NVMe-MI request at once, in the same call that sends it, and a wait for a time ends at once, at that
 * time. What they spend is not counted: each of them turns callgrind's counting off while it works.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include <linux/mctp.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

/* The message type with its integrity check bit, which the kernel keeps apart from the rest. */
enum { NVME_MI = 0x84, RESPONSE = 0x80, MESSAGE = 0x78, MANAGEMENT = 0x08, ADMIN = 0x10 };
enum { RESERVED = MCTP_TAG_OWNER | MCTP_TAG_PREALLOC };

static int mctp = -1;
static int counts;
/* By how much our clock is ahead, in nanoseconds. */
static int64_t ahead;
/* A bit for each of the eight tags. */
static unsigned taken;
static struct sockaddr_mctp source;
static uint8_t answer[4 + 16 + 4096 + 4];
static size_t answer_length;

static void enter(void) {
    if (counts)
        CALLGRIND_TOGGLE_COLLECT;
}

static ssize_t leave(ssize_t result, int error) {
    if (error)
        errno = error;
    if (counts)
        CALLGRIND_TOGGLE_COLLECT;
    return error ? -1 : result;
}

void kernel_count(int on) {
    counts = on;
    CALLGRIND_TOGGLE_COLLECT;
}

static void give_up(const char *what) {
    fprintf(stderr, "kernel: %s\n", what);
    abort();
}

static uint32_t crc32c(const uint8_t *bytes, size_t length) {
    uint32_t crc = ~0u;

    while (length--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0x82f63b78u & -(crc & 1));
    }
    return ~crc;
}

/* Answers a request, given without its first byte, as a healthy drive does. */
static void respond(const uint8_t *request, size_t length) {
    size_t body;

    if (length < 7)
        give_up("the request is too short");
    memset(answer, 0, sizeof(answer));
    answer[0] = NVME_MI;
    answer[1] = RESPONSE | (request[0] & (MESSAGE | 1));
    switch (request[0] & MESSAGE) {
    case MANAGEMENT:
        /* Status, response, and eight bytes of Subsystem Health Data Structure. */
        body = 4 + 8;
        memcpy(answer + 8, (uint8_t[]){0x38, 0xff, 0x2e, 0x01}, 4);
        break;
    case ADMIN:
        /* Status, three doublewords of the completion, and a page of data. */
        body = 16 + 4096;
        memcpy(answer + 20, (uint8_t[]){0xe5, 0x1d, 0xe5, 0x1d}, 4);
        memset(answer + 24, ' ', 20 + 40 + 8);
        memcpy(answer + 24, "0123456789", 10);
        memcpy(answer + 44, "Drive", 5);
        memcpy(answer + 84, "1.0", 3);
        /* The last of five power states. */
        answer[20 + 263] = 4;
        break;
    default:
        give_up("the request is of a category that has no answer here");
    }
    uint32_t check = crc32c(answer, 4 + body);
    for (int i = 0; i < 4; i++)
        answer[4 + body + (size_t)i] = (uint8_t)(check >> 8 * i);
    answer_length = 4 + body + 4;
}

static int is_taken(unsigned tag) {
    return (tag & ~(unsigned)MCTP_TAG_MASK) == RESERVED && taken >> (tag & MCTP_TAG_MASK) & 1;
}

static ssize_t take(const struct sockaddr_mctp *to, const struct iovec *parts, size_t count) {
    static uint8_t request[8192];
    size_t length = 0;

    if (to->smctp_family != AF_MCTP || to->smctp_type != NVME_MI)
        give_up("the address is not one of NVMe-MI");
    if (!is_taken(to->smctp_tag))
        give_up("the message is not sent with a tag that was reserved");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > sizeof(request) - length)
            give_up("the request is too long");
        memcpy(request + length, parts[i].iov_base, parts[i].iov_len);
        length += parts[i].iov_len;
    }
    respond(request, length);
    source = *to;
    source.smctp_tag = to->smctp_tag & MCTP_TAG_MASK;
    return (ssize_t)length;
}

static ssize_t give(struct sockaddr_mctp *from, const struct iovec *parts, size_t count, int flags) {
    const uint8_t *rest = answer + 1;
    size_t left = answer_length - 1, room = 0;

    for (size_t i = 0; i < count; i++) {
        size_t part = parts[i].iov_len < left ? parts[i].iov_len : left;

        memcpy(parts[i].iov_base, rest, part);
        rest += part;
        left -= part;
        room += parts[i].iov_len;
    }
    if (from)
        *from = source;
    size_t length = answer_length - 1;
    /* With MSG_PEEK the message stays. */
    if (!(flags & MSG_PEEK))
        answer_length = 0;
    return (ssize_t)(flags & MSG_TRUNC || length < room ? length : room);
}

/* What is found at once, or when some nanoseconds have passed; negative ones are for ever. */
static int find(struct pollfd *entries, nfds_t count, int64_t timeout) {
    int found = 0;

    for (nfds_t i = 0; i < count; i++) {
        entries[i].revents = 0;
        if (entries[i].fd == mctp && answer_length && entries[i].events & POLLIN) {
            entries[i].revents = POLLIN;
            found++;
        }
    }
    if (!found && timeout < 0)
        give_up("the program waits for what will not come");
    if (!found)
        ahead += timeout;
    return found;
}

int socket(int domain, int type, int protocol) {
    enter();
    if (domain != AF_MCTP)
        return (int)leave(syscall(SYS_socket, domain, type, protocol), 0);
    /* A descriptor that is one, for all that looks at it. */
    mctp = eventfd(0, EFD_CLOEXEC);
    return (int)leave(mctp, 0);
}

int ioctl(int descriptor, unsigned long request, ...) {
    va_list list;
    void *argument;

    enter();
    va_start(list, request);
    argument = va_arg(list, void *);
    va_end(list);
    if (descriptor != mctp)
        return (int)leave(syscall(SYS_ioctl, descriptor, request, argument), 0);
    /* As Linux before 6.9, the only calls that the C library's headers and libnvme-mi know. */
    struct mctp_ioc_tag_ctl *control = argument;
    switch (request) {
    case SIOCMCTPALLOCTAG:
        if (taken == 0xff)
            return (int)leave(-1, EBUSY);
        control->tag = RESERVED;
        while (is_taken(control->tag))
            control->tag++;
        taken |= 1u << (control->tag & MCTP_TAG_MASK);
        return (int)leave(0, 0);
    case SIOCMCTPDROPTAG:
        if (!is_taken(control->tag))
            give_up("a tag is released that was not reserved");
        taken &= ~(1u << (control->tag & MCTP_TAG_MASK));
        return (int)leave(0, 0);
    default:
        return (int)leave(-1, EINVAL);
    }
}

ssize_t sendto(int descriptor, const void *bytes, size_t length, int flags,
               const struct sockaddr *to, socklen_t to_length) {
    enter();
    if (descriptor != mctp)
        return leave(syscall(SYS_sendto, descriptor, bytes, length, flags, to, to_length), 0);
    struct iovec part = {(void *)bytes, length};
    return leave(take((const struct sockaddr_mctp *)to, &part, 1), 0);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    enter();
    if (descriptor != mctp)
        return leave(syscall(SYS_sendmsg, descriptor, message, flags), 0);
    return leave(take(message->msg_name, message->msg_iov, message->msg_iovlen), 0);
}

ssize_t recvfrom(int descriptor, void *restrict bytes, size_t length, int flags,
                 struct sockaddr *restrict from, socklen_t *restrict from_length) {
    enter();
    if (descriptor != mctp)
        return leave(syscall(SYS_recvfrom, descriptor, bytes, length, flags, from, from_length), 0);
    if (!answer_length)
        return leave(-1, EAGAIN);
    struct iovec part = {bytes, length};
    return leave(give((struct sockaddr_mctp *)from, &part, 1, flags), 0);
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags) {
    enter();
    if (descriptor != mctp)
        return leave(syscall(SYS_recvmsg, descriptor, message, flags), 0);
    if (!answer_length)
        return leave(-1, EAGAIN);
    return leave(give(message->msg_name, message->msg_iov, message->msg_iovlen, flags), 0);
}

int poll(struct pollfd *entries, nfds_t count, int timeout) {
    enter();
    return (int)leave(find(entries, count, timeout * INT64_C(1000000)), 0);
}

int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
          const sigset_t *mask) {
    enter();
    (void)mask;
    int64_t nanoseconds = timeout ? timeout->tv_sec * INT64_C(1000000000) + timeout->tv_nsec : -1;
    return (int)leave(find(entries, count, nanoseconds), 0);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    enter();
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    int64_t nanoseconds = time->tv_nsec + ahead;
    time->tv_sec += nanoseconds / 1000000000;
    time->tv_nsec = nanoseconds % 1000000000;
    return (int)leave(result, 0);
}
