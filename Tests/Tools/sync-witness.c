/* Witnesses the order of writes and syncs of a program that is started with it as LD_PRELOAD.
 *
 *     cc -shared -fPIC -O1 -o sync-witness.so sync-witness.c -ldl -pthread
 *     SYNC_WITNESS_LOG=trace LD_PRELOAD=./sync-witness.so memgate serve …
 *
 * For each write to the store's data file or to a socket, and each sync of the data file, one record is appended to the
 * log: a fixed head, then the bytes that were written. `before` and `after` come from one counter of the process, taken
 * right before the call and right after its return, so that the order of calls of all threads can be compared.
 *
 * With SYNC_WITNESS_LIMIT=bytes (and no log needed) writes of the data file beyond that length fail with ENOSPC, a
 * write across it is short, as on a full disk; the bound holds while the file that SYNC_WITNESS_FULL names exists.
 *
 * With SYNC_WITNESS_KILL=n the process is killed at the n-th write or sync of the data file since its start, before it
 * is done; with SYNC_WITNESS_TORN too, half of the bytes of a write are written first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { SOCKET_WRITE = 1, DATA_WRITE = 2, DATA_SYNC = 3 };

struct head {
    uint32_t magic;
    uint32_t kind;
    uint64_t before;
    uint64_t after;
    int64_t offset;
    int64_t result;
    uint32_t thread;
    uint32_t is_synchronous;
    uint32_t file;
    uint32_t length;
};

static atomic_ulong counter = 1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static atomic_int log_file = -2;

static uint64_t tick(void) { return atomic_fetch_add(&counter, 1); }

static int open_log(void) {
    int known = atomic_load(&log_file);
    if (known != -2) return known;
    pthread_mutex_lock(&order);
    if (atomic_load(&log_file) == -2) {
        const char *path = getenv("SYNC_WITNESS_LOG");
        int made = path == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path,
                                                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        atomic_store(&log_file, made);
    }
    pthread_mutex_unlock(&order);
    return atomic_load(&log_file);
}

/* What a descriptor leads to; 0 for what is of no interest. */
static int kind_of(int file) {
    char name[64], target[512];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, target, sizeof target - 1);
    if (length <= 0) return 0;
    target[length] = 0;
    if (strncmp(target, "socket:", 7) == 0) return SOCKET_WRITE;
    const char *data = "/data.mdb";
    size_t ending = strlen(data);
    return (size_t)length > ending && strcmp(target + length - ending, data) == 0 ? DATA_WRITE : 0;
}

static void append(const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        long wrote = syscall(SYS_write, atomic_load(&log_file), next, count);
        if (wrote <= 0) abort();
        next += wrote;
        count -= (size_t)wrote;
    }
}

static void note(int kind, uint64_t before, int file, int64_t offset, int64_t result, const struct iovec *parts,
                 int count) {
    if (open_log() < 0) return;
    int failure = errno;
    int flags = kind == SOCKET_WRITE ? 0 : fcntl(file, F_GETFL);
    size_t left = result > 0 && parts != NULL ? (size_t)result : 0;
    struct head head = {
        .magic = 0x57495453, .kind = (uint32_t)kind, .before = before, .after = tick(), .offset = offset,
        .result = result, .thread = (uint32_t)syscall(SYS_gettid), .is_synchronous = (flags & O_DSYNC) != 0,
        .file = (uint32_t)file, .length = (uint32_t)left};
    pthread_mutex_lock(&order);
    append(&head, sizeof head);
    for (int part = 0; part < count && left > 0; part++) {
        size_t size = parts[part].iov_len < left ? parts[part].iov_len : left;
        append(parts[part].iov_base, size);
        left -= size;
    }
    pthread_mutex_unlock(&order);
    errno = failure;
}

/* How many bytes of a write at an offset the «disk» takes; -1 where it takes none. */
static int64_t room(int kind, int64_t offset, size_t count) {
    if (kind != DATA_WRITE) return (int64_t)count;
    const char *limit = getenv("SYNC_WITNESS_LIMIT");
    const char *mark = getenv("SYNC_WITNESS_FULL");
    if (limit == NULL || mark == NULL || access(mark, F_OK) != 0) return (int64_t)count;
    int64_t left = atoll(limit) - offset;
    if (left <= 0 && count > 0) return -1;
    return left < (int64_t)count ? left : (int64_t)count;
}

/* Kills the process if this is the call that it has to end with. */
static void maybe_kill(int kind, int file, const void *bytes, size_t count, int64_t offset) {
    static atomic_long calls = 0;
    if (kind == 0 || kind == SOCKET_WRITE) return;
    const char *last = getenv("SYNC_WITNESS_KILL");
    if (last == NULL || atomic_fetch_add(&calls, 1) + 1 != atol(last)) return;
    if (getenv("SYNC_WITNESS_TORN") != NULL && count > 1) syscall(SYS_pwrite64, file, bytes, count / 2, offset);
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (next == NULL) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *bytes, size_t count) {
    NEXT(write);
    int kind = kind_of(file);
    if (kind == 0) return next(file, bytes, count);
    int64_t offset = kind == DATA_WRITE ? lseek(file, 0, SEEK_CUR) : -1;
    int64_t taken = room(kind, offset, count);
    if (taken < 0) return errno = ENOSPC, -1;
    maybe_kill(kind, file, bytes, count, offset);
    uint64_t before = tick();
    ssize_t result = next(file, bytes, (size_t)taken);
    note(kind, before, file, offset, result, &(struct iovec){(void *)bytes, count}, 1);
    return result;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    NEXT(pwrite);
    int kind = kind_of(file);
    if (kind == 0) return next(file, bytes, count, offset);
    int64_t taken = room(kind, offset, count);
    if (taken < 0) return errno = ENOSPC, -1;
    maybe_kill(kind, file, bytes, count, offset);
    uint64_t before = tick();
    ssize_t result = next(file, bytes, (size_t)taken, offset);
    note(kind, before, file, offset, result, &(struct iovec){(void *)bytes, count}, 1);
    return result;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    NEXT(writev);
    int kind = kind_of(file);
    if (kind == 0) return next(file, parts, count);
    int64_t offset = kind == DATA_WRITE ? lseek(file, 0, SEEK_CUR) : -1;
    size_t size = 0;
    for (int part = 0; part < count; part++) size += parts[part].iov_len;
    if (room(kind, offset, size) < (int64_t)size) return errno = ENOSPC, -1;
    maybe_kill(kind, file, parts[0].iov_base, count > 0 ? parts[0].iov_len : 0, offset);
    uint64_t before = tick();
    ssize_t result = next(file, parts, count);
    note(kind, before, file, offset, result, parts, count);
    return result;
}

ssize_t send(int file, const void *bytes, size_t count, int flags) {
    NEXT(send);
    uint64_t before = tick();
    ssize_t result = next(file, bytes, count, flags);
    note(SOCKET_WRITE, before, file, -1, result, &(struct iovec){(void *)bytes, count}, 1);
    return result;
}

ssize_t sendto(int file, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t size) {
    NEXT(sendto);
    uint64_t before = tick();
    ssize_t result = next(file, bytes, count, flags, to, size);
    note(SOCKET_WRITE, before, file, -1, result, &(struct iovec){(void *)bytes, count}, 1);
    return result;
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
    NEXT(sendmsg);
    uint64_t before = tick();
    ssize_t result = next(file, message, flags);
    note(SOCKET_WRITE, before, file, -1, result, message->msg_iov, (int)message->msg_iovlen);
    return result;
}

static int noted_sync(int file, int (*next)(int)) {
    int kind = kind_of(file);
    if (kind != DATA_WRITE) return next(file);
    maybe_kill(kind, file, NULL, 0, 0);
    uint64_t before = tick();
    int result = next(file);
    note(DATA_SYNC, before, file, -1, result, NULL, 0);
    return result;
}

int fsync(int file) {
    NEXT(fsync);
    return noted_sync(file, next);
}

int fdatasync(int file) {
    NEXT(fdatasync);
    return noted_sync(file, next);
}
