#define _GNU_SOURCE
#include "memgate_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t memgate_wall_microseconds(void) { return nanoseconds(CLOCK_REALTIME) / 1000; }
int64_t memgate_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }
int64_t memgate_thread_cpu_nanoseconds(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }
int64_t memgate_process_cpu_nanoseconds(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

int memgate_make_folder(const char *path, uint32_t mode) { return mkdir(path, mode) == 0 ? 0 : -errno; }

int memgate_status(const char *path, struct memgate_file_status *status) {
    struct stat found;
    if (stat(path, &found) != 0) return -errno;
    status->device = found.st_dev;
    status->inode = found.st_ino;
    status->length = found.st_size;
    status->is_folder = S_ISDIR(found.st_mode);
    status->permissions = found.st_mode & 07777;
    return 0;
}

int memgate_filesystem_magic(const char *path, uint64_t *magic) {
    struct statfs found;
    if (statfs(path, &found) != 0) return -errno;
    *magic = (uint32_t)found.f_type;
    return 0;
}

int64_t memgate_free_bytes(const char *path) {
    struct statfs found;
    if (statfs(path, &found) != 0) return -errno;
    return (int64_t)found.f_bavail * found.f_bsize;
}

int memgate_lock_file(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return -errno;
    if (flock(file, LOCK_EX | LOCK_NB) == 0) return file;
    int failure = errno;
    close(file);
    return -failure;
}

static int write_whole(int file, const char *bytes, int64_t count) {
    int64_t done = 0;
    while (done < count) {
        ssize_t wrote = pwrite(file, bytes + done, (size_t)(count - done), done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return -errno;
        done += wrote;
    }
    return 0;
}

int memgate_replace_contents(int file, const void *bytes, int64_t count) {
    if (ftruncate(file, 0) != 0) return -errno;
    return write_whole(file, bytes, count);
}

void memgate_close(int file) { close(file); }

int64_t memgate_read_file(const char *path, int64_t offset, void *bytes, int64_t count) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int64_t done = 0;
    while (done < count) {
        ssize_t got = pread(file, (char *)bytes + done, (size_t)(count - done), offset + done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            done = -errno;
            break;
        }
        if (got == 0) break;
        done += got;
    }
    close(file);
    return done;
}

int memgate_write_file(const char *path, const char *folder, const void *bytes, int64_t count) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return -errno;
    int result = write_whole(file, bytes, count);
    if (result == 0 && fsync(file) != 0) result = -errno;
    close(file);
    return result == 0 ? memgate_sync_folder(folder) : result;
}

int memgate_set_length(const char *path, int64_t length) { return truncate(path, length) == 0 ? 0 : -errno; }

int memgate_allocate_file(const char *path, int64_t length) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return -errno;
    int failure = posix_fallocate(file, 0, length);
    close(file);
    return -failure;
}

int memgate_remove_file(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

int memgate_remove_folder(const char *path) { return rmdir(path) == 0 ? 0 : -errno; }

int memgate_sync_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -errno;
    int result = fsync(folder) == 0 ? 0 : -errno;
    close(folder);
    return result;
}

struct monitor {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

void *memgate_monitor_make(void) {
    struct monitor *made = malloc(sizeof *made);
    if (made == NULL) abort();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return made;
}

void memgate_monitor_free(void *monitor) {
    struct monitor *it = monitor;
    pthread_cond_destroy(&it->condition);
    pthread_mutex_destroy(&it->mutex);
    free(it);
}

void memgate_monitor_lock(void *monitor) { pthread_mutex_lock(&((struct monitor *)monitor)->mutex); }
void memgate_monitor_unlock(void *monitor) { pthread_mutex_unlock(&((struct monitor *)monitor)->mutex); }
void memgate_monitor_wake(void *monitor) { pthread_cond_broadcast(&((struct monitor *)monitor)->condition); }

void memgate_monitor_wait(void *monitor, int64_t deadline) {
    struct monitor *it = monitor;
    if (deadline == INT64_MAX) {
        pthread_cond_wait(&it->condition, &it->mutex);
        return;
    }
    struct timespec until = {deadline / 1000000000, deadline % 1000000000};
    pthread_cond_timedwait(&it->condition, &it->mutex, &until);
}

struct thread_start {
    void (*body)(void *);
    void *context;
};

static void *run_thread(void *argument) {
    struct thread_start start = *(struct thread_start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int memgate_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread) {
    struct thread_start *start = malloc(sizeof *start);
    if (start == NULL) return -ENOMEM;
    start->body = body;
    start->context = context;
    pthread_t made;
    int failure = pthread_create(&made, NULL, run_thread, start);
    if (failure != 0) {
        free(start);
        return -failure;
    }
    pthread_setname_np(made, name);
    *thread = (uint64_t)made;
    return 0;
}

void memgate_thread_join(uint64_t thread) { pthread_join((pthread_t)thread, NULL); }
