// The benchmark's client for what wrk cannot do. Every mode prints one line of JSON, times in microseconds.
//
//   relay-load latency PORT TARGET COUNT [FIELD: VALUE ...] <body     one connection, one request after the other
//   relay-load firstbyte PORT TARGET COUNT [FIELD: VALUE ...] <body   the same for streams: time to the first event
//   relay-load streams PORT TARGET N [FIELD: VALUE ...]               N streams at once; see below
//   relay-load unread PORT TARGET N                                   N requests, replies never read
//   relay-load cold PORT COMMAND ...                                  from exec to the first HTTP answer
//   relay-load fill PORT TARGET COUNT ROUNDS FIELD-NAME <body         ROUNDS requests for each of COUNT sessions
//
// `streams` prints a line when every stream is open and then one for each line on its standard input: events so far
// and the delays, since the last line, from making an event in the mock upstream to taking it here.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char body[1 << 20], request[2 << 20], reply[1 << 20];
static size_t body_length;

static void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "relay-load: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int try_connect(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static int connect_to(int port) {
    int fd = try_connect(port);
    if (fd < 0) die("cannot connect to port %d: %s", port, strerror(errno));
    return fd;
}

// The number of the request: at the end of a field, "-#500" becomes "-0" to "-499" in turn.
static long turn;

static size_t make_request(const char *target, char **fields, int field_count, const char *extra) {
    size_t n = sprintf(request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer sk-bench\r\nUser-Agent: relay-load\r\nAccept: application/json\r\n%s", target, extra);
    for (int i = 0; i < field_count; i++) {
        char *turns = strstr(fields[i], "-#");
        if (!turns) n += sprintf(request + n, "%s\r\n", fields[i]);
        else n += sprintf(request + n, "%.*s%ld\r\n", (int)(turns + 1 - fields[i]), fields[i], turn % atol(turns + 2));
    }
    n += sprintf(request + n, "Content-Length: %zu\r\n\r\n", body_length);
    memcpy(request + n, body, body_length);
    return n + body_length;
}

static void send_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) die("send: %s", strerror(errno));
        bytes += sent;
        length -= sent;
    }
}

// Reads one reply whole. Returns the time at which its first body byte was there.
static int64_t read_reply(int fd) {
    size_t have = 0, head_length = 0;
    long long length = -1;
    int64_t first = 0;
    for (;;) {
        ssize_t got = recv(fd, reply + have, sizeof reply - 1 - have, 0);
        if (got <= 0) die("the connection ended within a reply");
        have += got;
        reply[have] = 0;
        if (head_length == 0) {
            char *end = memmem(reply, have, "\r\n\r\n", 4);
            if (!end) continue;
            head_length = end + 4 - reply;
            if (strncmp(reply, "HTTP/1.1 200", 12)) die("not a 200: %.300s", reply);
            char *field = strcasestr(reply, "content-length:");
            if (field && field < end) length = atoll(field + 15);
        }
        if (first == 0 && have > head_length) first = now_ns();
        if (length >= 0 ? have >= head_length + length
                        : have >= head_length + 5 && !memcmp(reply + have - 7, "\r\n0\r\n\r\n", 7)) return first;
    }
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_times(int64_t *times, long count) {
    qsort(times, count, sizeof *times, ascending);
    printf("{\"count\": %ld, \"p50\": %.2f, \"p99\": %.2f}\n", count, times[count / 2] / 1e3,
        times[count * 99 / 100] / 1e3);
}

static void latency(int port, const char *target, long count, char **fields, int field_count, int to_first_byte) {
    int fd = connect_to(port);
    int64_t *times = malloc(count * sizeof *times);
    long warm = count / 10 + 1;
    for (long i = -warm; i < count; i++, turn++) {
        size_t length = make_request(target, fields, field_count, "");
        int64_t start = now_ns();
        send_all(fd, request, length);
        int64_t first = read_reply(fd);
        if (i >= 0) times[i] = (to_first_byte ? first : now_ns()) - start;
    }
    print_times(times, count);
}

static void fill(int port, const char *target, long count, long rounds, const char *field) {
    int fd = connect_to(port);
    for (long round = 0; round < rounds; round++) {
        for (long session = 0; session < count; session++) {
            char extra[200];
            snprintf(extra, sizeof extra, "%s: bench-%ld\r\n", field, session);
            size_t length = make_request(target, NULL, 0, extra);
            send_all(fd, request, length);
            read_reply(fd);
        }
    }
    printf("{\"count\": %ld}\n", count * rounds);
}

static void raise_files(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

struct stream { int fd; int64_t asked; int has_head, is_open; };

enum { DELAYS = 1 << 20 };
static int64_t delays[DELAYS];
static long delay_count, event_count, closed_count, open_count;
static int64_t *first_bytes;

static void take_events(const char *bytes, size_t length, int64_t now) {
    static const char mark[] = "\"content\":\"";
    const char *at = bytes, *end = bytes + length;
    while ((at = memmem(at, end - at, mark, sizeof mark - 1))) {
        at += sizeof mark - 1;
        event_count++;
        if (end - at >= 19 && delay_count < DELAYS) delays[delay_count++] = now - strtoll(at, NULL, 10);
    }
}

static void streams(int port, const char *target, long count, char **fields, int field_count) {
    raise_files();
    size_t length = make_request(target, fields, field_count, "");
    int epoll_fd = epoll_create1(0);
    struct stream *all = calloc(count, sizeof *all);
    first_bytes = calloc(count, sizeof *first_bytes);
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &input);
    long started = 0;
    struct epoll_event events[256];
    for (;;) {
        // At most a hundred at a time are waiting for their first event.
        while (started < count && started - open_count < 100) {
            struct stream *s = &all[started++];
            s->fd = connect_to(port);
            s->asked = now_ns();
            send_all(s->fd, request, length);
            fcntl(s->fd, F_SETFL, O_NONBLOCK);
            struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};
            epoll_ctl(epoll_fd, EPOLL_CTL_ADD, s->fd, &e);
        }
        int ready = epoll_wait(epoll_fd, events, 256, -1);
        int64_t now = now_ns();
        for (int i = 0; i < ready; i++) {
            struct stream *s = events[i].data.ptr;
            if (!s) {
                char line[64];
                if (read(0, line, sizeof line) <= 0) return;
                qsort(delays, delay_count, sizeof *delays, ascending);
                printf("{\"events\": %ld, \"closed\": %ld, \"p50\": %.1f, \"p99\": %.1f}\n", event_count, closed_count,
                    delay_count ? delays[delay_count / 2] / 1e3 : 0, delay_count ? delays[delay_count * 99 / 100] / 1e3 : 0);
                fflush(stdout);
                delay_count = 0;
                continue;
            }
            ssize_t got = recv(s->fd, reply, sizeof reply - 1, 0);
            if (got <= 0) {
                if (got < 0 && errno == EAGAIN) continue;
                closed_count++;
                epoll_ctl(epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
                continue;
            }
            reply[got] = 0;
            if (!s->has_head) {
                s->has_head = 1;
                if (strncmp(reply, "HTTP/1.1 200", 12)) die("not a 200: %.300s", reply);
            }
            long before = event_count;
            take_events(reply, got, now);
            if (s->is_open || event_count == before) continue;
            s->is_open = 1;
            first_bytes[open_count++] = now - s->asked;
            if (open_count < count) continue;
            qsort(first_bytes, count, sizeof *first_bytes, ascending);
            printf("{\"open\": %ld, \"firstByteP50\": %.1f}\n", count, first_bytes[count / 2] / 1e3);
            fflush(stdout);
        }
    }
}

static void unread(int port, const char *target, long count) {
    size_t length = make_request(target, NULL, 0, "");
    for (long i = 0; i < count; i++) {
        int fd = connect_to(port);
        send_all(fd, request, length);
    }
    printf("{\"open\": %ld}\n", count);
    fflush(stdout);
    char line[64];
    while (read(0, line, sizeof line) > 0) {}
}

static int answers(int port) {
    static const char ask[] = "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    int fd = try_connect(port);
    if (fd < 0) return 0;
    ssize_t got = send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0 ? recv(fd, reply, 12, MSG_WAITALL) : -1;
    close(fd);
    return got == 12 && !memcmp(reply, "HTTP/1.1 200", 12);
}

static void cold(int port, char **command) {
    int64_t start = now_ns();
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        execv(command[0], command);
        _exit(127);
    }
    while (!answers(port)) {
        if (now_ns() - start > 20000000000LL) { kill(child, SIGKILL); die("no answer within 20 s"); }
        usleep(200);
    }
    int64_t took = now_ns() - start;
    printf("{\"cold\": %.1f, \"pid\": %d}\n", took / 1e3, child);
    fflush(stdout);
    char line[64];
    while (read(0, line, sizeof line) > 0) {}
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
}

int main(int count, char **a) {
    if (count < 4) die("see the head of relay-load.c");
    const char *mode = a[1];
    int port = atoi(a[2]);
    if (!strcmp(mode, "cold")) { cold(port, a + 3); return 0; }
    if (count < 5) die("see the head of relay-load.c");
    if (!isatty(0) && strcmp(mode, "streams") && strcmp(mode, "unread")) body_length = fread(body, 1, sizeof body, stdin);
    else body_length = sprintf(body, "{\"model\":\"bench\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Go on.\"}]}");
    long n = atol(a[4]);
    if (!strcmp(mode, "latency")) latency(port, a[3], n, a + 5, count - 5, 0);
    else if (!strcmp(mode, "firstbyte")) latency(port, a[3], n, a + 5, count - 5, 1);
    else if (!strcmp(mode, "streams")) streams(port, a[3], n, a + 5, count - 5);
    else if (!strcmp(mode, "unread")) unread(port, a[3], n);
    else if (!strcmp(mode, "fill") && count == 7) fill(port, a[3], n, atol(a[5]), a[6]);
    else die("there is no mode %s", mode);
    return 0;
}
