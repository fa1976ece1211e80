#ifndef MEMGATE_EVENTS_H
#define MEMGATE_EVENTS_H

#include <stdint.h>

/// A descriptor that became ready: its tag, and what for (MEMGATE_READABLE, MEMGATE_WRITABLE, MEMGATE_BROKEN).
typedef struct {
    uint64_t tag;
    uint32_t ready;
} memgate_event;

enum { MEMGATE_READABLE = 1, MEMGATE_WRITABLE = 2, MEMGATE_BROKEN = 4, MEMGATE_ONCE = 8 };
enum { MEMGATE_ADD = 1, MEMGATE_MODIFY = 2, MEMGATE_REMOVE = 3 };

/// A new epoll descriptor, or -errno.
int memgate_epoll_create(void);
/// Adds, changes or removes a descriptor; 0 or -errno.
int memgate_epoll_change(int queue, int operation, int descriptor, uint32_t interest, uint64_t tag);
/// Waits up to `milliseconds` (-1: for ever), fills `events`; their number or -errno. Retries on EINTR.
int memgate_epoll_wait(int queue, memgate_event *events, int capacity, int milliseconds);
/// A new eventfd, or -errno.
int memgate_eventfd_create(void);
/// Makes an eventfd readable; 0 or -errno.
int memgate_eventfd_signal(int descriptor);
/// A second descriptor of the same eventfd, or -errno.
int memgate_eventfd_duplicate(int descriptor);

/// A context for asynchronous polls; 0 or -errno.
int memgate_poll_make(uint64_t *context);
/// Signals `eventfd` once as soon as `descriptor` is readable, without a thread; 0 or -errno. One at a time.
int memgate_poll_submit(uint64_t context, int descriptor, int eventfd);
/// Ends the poll under way and the context.
void memgate_poll_free(uint64_t context);

#endif
