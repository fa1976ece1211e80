// The benchmark's model server: one thread, epoll, as little work as possible, so that a run measures the proxy.
//
//   mock-upstream PORT
//
// Any request with a body or without gets an answer on the same connection. The query says which:
//   (none)                        a chat completion, 943 bytes of head and body together
//   ?chunks=N&interval=US         an event stream of N events, US microseconds apart (0: as fast as the socket takes)
//   ?huge=BYTES                   that many bytes with Content-Length, as fast as the socket takes them
// Each event's content is the nanosecond (CLOCK_MONOTONIC) at which it was made: the client measures its way.

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, HEAD_MAX = 32 * 1024, EVENT_MAX = 512, OUT_SIZE = 16 * 1024 };
enum mode { IDLE, BODY, CHUNKED_BODY, PLAIN, STREAM, HUGE_REPLY };

struct connection {
    int fd;
    enum mode mode;
    char *head;           // an incomplete head, else NULL
    size_t head_length;
    int64_t body_left;
    uint32_t tail;        // the last four bytes of a chunked body, to see its end
    int query_chunks;
    int64_t query_interval, query_huge;
    // the reply
    int chunks_left;
    int64_t interval, due, huge_left;
    char *out;            // what the socket did not take
    size_t out_length;
    int wants_write;
    long heap_index;      // -1 when no timer runs
};

static int epoll_fd;
static char read_buffer[READ_SIZE], plain_reply[1024], huge_block[256 * 1024];
static size_t plain_length;
static struct connection **heap;
static long heap_count, heap_room;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// A binary heap of the streams by the time of their next event.

static void heap_put(long at, struct connection *c) { heap[at] = c; c->heap_index = at; }

static void heap_up(long at) {
    struct connection *c = heap[at];
    for (; at > 0 && heap[(at - 1) / 2]->due > c->due; at = (at - 1) / 2) heap_put(at, heap[(at - 1) / 2]);
    heap_put(at, c);
}

static void heap_down(long at) {
    struct connection *c = heap[at];
    for (;;) {
        long child = 2 * at + 1;
        if (child >= heap_count) break;
        if (child + 1 < heap_count && heap[child + 1]->due < heap[child]->due) child++;
        if (heap[child]->due >= c->due) break;
        heap_put(at, heap[child]);
        at = child;
    }
    heap_put(at, c);
}

static void heap_insert(struct connection *c) {
    if (heap_count == heap_room) heap = realloc(heap, (heap_room = heap_room ? 2 * heap_room : 1024) * sizeof *heap);
    heap[heap_count] = c;
    heap_up(heap_count++);
}

static void heap_remove(struct connection *c) {
    long at = c->heap_index;
    if (at < 0) return;
    c->heap_index = -1;
    struct connection *last = heap[--heap_count];
    if (last == c) return;
    heap_put(at, last);
    heap_up(at);
    heap_down(last->heap_index);
}

static void close_connection(struct connection *c) {
    heap_remove(c);
    close(c->fd);
    free(c->head);
    free(c->out);
    free(c);
}

static void watch(struct connection *c, int wants_write) {
    if (c->wants_write == wants_write) return;
    c->wants_write = wants_write;
    struct epoll_event e = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

// Returns 0, or -1 when the connection is dead. What the socket does not take is kept.
static int put(struct connection *c, const char *bytes, size_t length) {
    ssize_t sent = 0;
    if (c->out_length == 0) {
        sent = send(c->fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return -1;
        if (sent < 0) sent = 0;
    }
    if ((size_t)sent == length) return 0;
    c->out = realloc(c->out, c->out_length + length - sent);
    memcpy(c->out + c->out_length, bytes + sent, length - sent);
    c->out_length += length - sent;
    watch(c, 1);
    return 0;
}

static size_t make_event(char *to, int64_t now, int is_last) {
    char data[EVENT_MAX];
    int n = is_last
        ? snprintf(data, sizeof data, "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
              "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
        : snprintf(data, sizeof data, "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
              "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%019lld\"},\"finish_reason\":null}]}\n\n",
              (long long)now);
    return sprintf(to, "%x\r\n%s\r\n%s", n, data, is_last ? "0\r\n\r\n" : "");
}

// Sends what the reply still owes: 0 done or waiting, -1 dead.
static int go_on(struct connection *c) {
    while (c->out_length == 0) {
        if (c->mode == HUGE_REPLY) {
            if (c->huge_left == 0) { c->mode = IDLE; break; }
            size_t length = c->huge_left < (int64_t)sizeof huge_block ? (size_t)c->huge_left : sizeof huge_block;
            ssize_t sent = send(c->fd, huge_block, length, MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) return -1;
            if (sent < 0) { watch(c, 1); return 0; }
            c->huge_left -= sent;
        } else if (c->mode == STREAM && c->interval == 0) {
            char batch[OUT_SIZE];
            size_t length = 0;
            int64_t now = now_ns();
            while (c->chunks_left > 0 && length + 2 * EVENT_MAX < sizeof batch) {
                c->chunks_left--;
                length += make_event(batch + length, now, c->chunks_left == 0);
            }
            if (c->chunks_left == 0) c->mode = IDLE;
            if (put(c, batch, length) < 0) return -1;
            if (c->mode == IDLE) break;
        } else {
            break;
        }
    }
    if (c->out_length == 0) watch(c, 0);
    return 0;
}

static int answer(struct connection *c) {
    static const char stream_head[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
        "X-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n";
    c->mode = IDLE;
    if (c->query_huge > 0) {
        char head[256];
        int n = sprintf(head, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nX-Accel-Buffering: no\r\n"
                              "Content-Length: %lld\r\n\r\n", (long long)c->query_huge);
        c->mode = HUGE_REPLY;
        c->huge_left = c->query_huge;
        if (put(c, head, n) < 0) return -1;
        return go_on(c);
    }
    if (c->query_chunks > 0) {
        c->mode = STREAM;
        c->chunks_left = c->query_chunks;
        c->interval = c->query_interval * 1000;
        if (c->interval == 0) return put(c, stream_head, sizeof stream_head - 1) < 0 ? -1 : go_on(c);
        // The first event leaves with the head.
        char first[sizeof stream_head + 2 * EVENT_MAX];
        int64_t now = now_ns();
        memcpy(first, stream_head, sizeof stream_head - 1);
        size_t length = sizeof stream_head - 1 + make_event(first + sizeof stream_head - 1, now, --c->chunks_left == 0);
        if (c->chunks_left == 0) {
            c->mode = IDLE;
        } else {
            c->due = now + c->interval;
            heap_insert(c);
        }
        return put(c, first, length);
    }
    return put(c, plain_reply, plain_length);
}

static int send_due(struct connection *c, int64_t now) {
    char event[2 * EVENT_MAX];
    c->chunks_left--;
    size_t length = make_event(event, now, c->chunks_left == 0);
    if (c->chunks_left == 0) {
        heap_remove(c);
        c->mode = IDLE;
    } else {
        c->due += c->interval;
        if (c->due < now) c->due = now;
        heap_down(c->heap_index);
    }
    return put(c, event, length);
}

static int64_t query_number(const char *target, const char *end, const char *name) {
    const char *found = memmem(target, end - target, name, strlen(name));
    return found ? atoll(found + strlen(name)) : 0;
}

static int parse_head(struct connection *c, const char *head, size_t length) {
    const char *line_end = memchr(head, '\r', length);
    if (!line_end) return -1;
    c->query_chunks = (int)query_number(head, line_end, "chunks=");
    c->query_interval = query_number(head, line_end, "interval=");
    c->query_huge = query_number(head, line_end, "huge=");
    c->body_left = 0;
    c->mode = BODY;
    for (const char *at = line_end + 2; at < head + length - 2;) {
        const char *end = memchr(at, '\r', head + length - at);
        if (!end) break;
        if (!strncasecmp(at, "content-length:", 15)) c->body_left = atoll(at + 15);
        if (!strncasecmp(at, "transfer-encoding:", 18)) { c->mode = CHUNKED_BODY; c->tail = 0; }
        at = end + 2;
    }
    return 0;
}

// Takes bytes of the client: -1 when the connection is dead.
static int take(struct connection *c, const char *bytes, size_t length) {
    while (length > 0) {
        if (c->mode == BODY || c->mode == CHUNKED_BODY) {
            size_t used = 0;
            if (c->mode == BODY) {
                used = (int64_t)length < c->body_left ? length : (size_t)c->body_left;
                c->body_left -= used;
            } else {
                // The bodies of this benchmark hold no «CRLF CRLF»: it ends the last chunk.
                int ended = 0;
                while (used < length && !ended) {
                    c->tail = c->tail << 8 | (unsigned char)bytes[used++];
                    ended = c->tail == 0x0d0a0d0a;
                }
                c->body_left = !ended;
            }
            bytes += used;
            length -= used;
            if (c->body_left == 0 && answer(c) < 0) return -1;
            continue;
        }
        if (c->mode != IDLE) return -1; // no pipelining
        const char *head = bytes;
        size_t head_length = length, before = c->head_length;
        if (c->head) {
            c->head = realloc(c->head, before + length);
            memcpy(c->head + before, bytes, length);
            head = c->head;
            head_length = before + length;
        }
        const char *end = memmem(head, head_length, "\r\n\r\n", 4);
        if (!end) {
            if (head_length > HEAD_MAX) return -1;
            if (!c->head) { c->head = malloc(length); memcpy(c->head, bytes, length); }
            c->head_length = head_length;
            return 0;
        }
        size_t whole = end + 4 - head;
        if (parse_head(c, head, whole) < 0) return -1;
        free(c->head);
        c->head = NULL;
        c->head_length = 0;
        bytes += whole - before;
        length -= whole - before;
        if (c->mode == BODY && c->body_left == 0 && answer(c) < 0) return -1;
    }
    return 0;
}

static int readable(struct connection *c) {
    ssize_t got = recv(c->fd, read_buffer, sizeof read_buffer, 0);
    if (got < 0) return errno == EAGAIN ? 0 : -1;
    return got == 0 ? -1 : take(c, read_buffer, got);
}

static int writable(struct connection *c) {
    if (c->out_length > 0) {
        ssize_t sent = send(c->fd, c->out, c->out_length, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : -1;
        memmove(c->out, c->out + sent, c->out_length - sent);
        c->out_length -= sent;
        if (c->out_length > 0) return 0;
        free(c->out);
        c->out = NULL;
    }
    return go_on(c);
}

static void make_plain_reply(void) {
    const char *start = "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench\","
        "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
    const char *end = "\"},\"finish_reason\":\"stop\"}],"
        "\"usage\":{\"prompt_tokens\":250,\"completion_tokens\":120,\"total_tokens\":370}}";
    const char *words = "The gateway keeps what was said and gives it back when it is needed. ";
    char content[900] = "";
    size_t head = strlen("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 000\r\n\r\n");
    size_t room = 943 - head - strlen(start) - strlen(end);
    for (size_t i = 0; i < room; i++) content[i] = words[i % strlen(words)];
    content[room] = 0;
    size_t body = strlen(start) + room + strlen(end);
    plain_length = sprintf(plain_reply, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s%s%s",
        body, start, content, end);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->heap_index = -1;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

int main(int count, char **arguments) {
    if (count != 2) { fprintf(stderr, "usage: mock-upstream PORT\n"); return 2; }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    memset(huge_block, 'x', sizeof huge_block);
    make_plain_reply();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) {
        perror("mock-upstream");
        return 1;
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event own = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &own);
    struct epoll_event events[256];
    for (;;) {
        int timeout = -1;
        if (heap_count > 0) {
            int64_t left = heap[0]->due - now_ns();
            timeout = left <= 0 ? 0 : (int)(left / 1000000) + 1;
        }
        int ready = epoll_wait(epoll_fd, events, 256, timeout);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) { accept_all(listener); continue; }
            int state = 0;
            if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) state = readable(c);
            if (state == 0 && events[i].events & EPOLLOUT) state = writable(c);
            if (state < 0) close_connection(c);
        }
        int64_t now = now_ns();
        while (heap_count > 0 && heap[0]->due <= now) {
            struct connection *c = heap[0];
            if (send_due(c, now) < 0) close_connection(c);
        }
    }
}
