// Linux interfaces that the Glibc module does not export.
#pragma once
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/vfs.h>

// GNU functions: their headers show them only under _GNU_SOURCE, which the Glibc module is built without.
int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
const char *strerrorname_np(int number);
const char *strerrordesc_np(int number);
const char *sigabbrev_np(int number);
ssize_t pwritev2(int descriptor, const struct iovec *pieces, int count, off_t offset, int flags);
int pipe2(int ends[2], int flags);
ssize_t splice(int from, __off64_t *from_offset, int to, __off64_t *to_offset, size_t count, unsigned int flags);
int memfd_create(const char *name, unsigned int flags);
int pidfd_open(pid_t process, unsigned int flags);
int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);


// statx, as far as it is used here; its header shows the structure only under _GNU_SOURCE.
#include <linux/stat.h>
int statx(int directory, const char *path, int flags, unsigned int mask, struct statx *status);
#define NVMEMI_STATX_OPEN_FILE 0x1000   // AT_EMPTY_PATH
#define NVMEMI_STATX_DONT_SYNC 0x4000   // AT_STATX_DONT_SYNC
#ifndef F_GETPIPE_SZ
#define F_GETPIPE_SZ 1032
#endif
#ifndef F_GET_SEALS
#define F_GET_SEALS 1034
#endif

#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 0x0001U
#endif
#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif
#ifndef SPLICE_F_NONBLOCK
#define SPLICE_F_NONBLOCK 0x02
#endif

// Network interfaces and neighbours.
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

// AF_MCTP. The kernel headers of a build machine are often older than the kernel that the program meets.
#include <linux/mctp.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

#ifndef SIOCMCTPALLOCTAG2
// Reserve and release a tag towards one endpoint of one network (Linux 6.9).
#define SIOCMCTPALLOCTAG2 0x89e2
#define SIOCMCTPDROPTAG2 0x89e3
struct mctp_ioc_tag_ctl2 {
    unsigned int net;
    mctp_eid_t peer_addr;
    mctp_eid_t local_addr;
    __u16 flags;
    __u8 tag;
};
#endif

// The Swift runtime calls this, if it is set, instead of giving a job to its thread pool.
extern void *swift_task_enqueueGlobal_hook;
// Defined by the event loop.
extern void nvmemi_take_global_job(void *job);
__attribute__((swiftcall)) static inline void nvmemi_global_job_hook(void *job, void *original) {
    (void)original;
    nvmemi_take_global_job(job);
}

// Has the runtime give its global jobs to the event loop.
static inline void nvmemi_set_global_job_hook(void) {
    swift_task_enqueueGlobal_hook = (void *)nvmemi_global_job_hook;
}
