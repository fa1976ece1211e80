#define _GNU_SOURCE
#include "memgate_events.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
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

void memgate_close(int descriptor) {
    close(descriptor);
}

typedef struct {
    void (*body)(void *);
    void *context;
    char name[16];
} thread_start;

static void *run_thread(void *raw) {
    thread_start start = *(thread_start *)raw;
    free(raw);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int memgate_thread_start(const char *name, void (*body)(void *), void *context) {
    thread_start *start = calloc(1, sizeof *start);
    if (!start) return -ENOMEM;
    start->body = body;
    start->context = context;
    strncpy(start->name, name, sizeof start->name - 1);
    pthread_t thread;
    int code = pthread_create(&thread, NULL, run_thread, start);
    if (code != 0) {
        free(start);
        return -code;
    }
    pthread_detach(thread);
    return 0;
}
