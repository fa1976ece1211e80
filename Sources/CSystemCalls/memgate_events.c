#define _GNU_SOURCE
#include "memgate_events.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int memgate_epoll_create(void) {
    int queue = epoll_create1(EPOLL_CLOEXEC);
    return queue < 0 ? -errno : queue;
}

static uint32_t epoll_bits(uint32_t interest) {
    uint32_t bits = 0;
    if (interest & MEMGATE_READABLE) bits |= EPOLLIN;
    if (interest & MEMGATE_WRITABLE) bits |= EPOLLOUT;
    if (interest & MEMGATE_ONCE) bits |= EPOLLONESHOT;
    return bits;
}

int memgate_epoll_change(int queue, int operation, int descriptor, uint32_t interest, uint64_t tag) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = epoll_bits(interest);
    event.data.u64 = tag;
    int code = operation == MEMGATE_ADD ? EPOLL_CTL_ADD : operation == MEMGATE_MODIFY ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
    return epoll_ctl(queue, code, descriptor, &event) < 0 ? -errno : 0;
}

int memgate_epoll_wait(int queue, memgate_event *events, int capacity, int milliseconds) {
    struct epoll_event raw[64];
    int count;
    if (capacity > 64) capacity = 64;
    do {
        count = epoll_wait(queue, raw, capacity, milliseconds);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        uint32_t ready = 0;
        if (raw[i].events & EPOLLIN) ready |= MEMGATE_READABLE;
        if (raw[i].events & EPOLLOUT) ready |= MEMGATE_WRITABLE;
        if (raw[i].events & (EPOLLERR | EPOLLHUP)) ready |= MEMGATE_BROKEN;
        events[i].tag = raw[i].data.u64;
        events[i].ready = ready;
    }
    return count;
}

int memgate_eventfd_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int memgate_eventfd_signal(int descriptor) {
    return eventfd_write(descriptor, 1) < 0 ? -errno : 0;
}

int memgate_eventfd_duplicate(int descriptor) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? -errno : copy;
}

int memgate_poll_make(uint64_t *context) {
    aio_context_t made = 0;
    if (syscall(SYS_io_setup, 2, &made) != 0) return -errno;
    *context = made;
    return 0;
}

int memgate_poll_submit(uint64_t context, int descriptor, int eventfd) {
    // The one before is done: its place among the completions is needed again.
    struct io_event done[2];
    struct timespec now = {0, 0};
    if (syscall(SYS_io_getevents, (aio_context_t)context, 0, 2, done, &now) < 0) return -errno;
    struct iocb poll;
    struct iocb *list[1] = {&poll};
    memset(&poll, 0, sizeof poll);
    poll.aio_lio_opcode = IOCB_CMD_POLL;
    poll.aio_fildes = (uint32_t)descriptor;
    poll.aio_buf = POLLIN;
    poll.aio_flags = IOCB_FLAG_RESFD;
    poll.aio_resfd = (uint32_t)eventfd;
    long submitted = syscall(SYS_io_submit, (aio_context_t)context, 1, list);
    return submitted == 1 ? 0 : submitted < 0 ? -errno : -EAGAIN;
}

void memgate_poll_free(uint64_t context) { syscall(SYS_io_destroy, (aio_context_t)context); }
