#define _GNU_SOURCE
#include "memgate_events.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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
