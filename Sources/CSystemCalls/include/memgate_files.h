// Files, clocks and threads. Every function that can fail returns a negative errno then.
#ifndef MEMGATE_FILES_H
#define MEMGATE_FILES_H

#include <stdint.h>

struct memgate_file_status {
    uint64_t device;
    uint64_t inode;
    int64_t length;
    int32_t is_folder;
    uint32_t permissions;
};

int64_t memgate_wall_microseconds(void);
int64_t memgate_monotonic_nanoseconds(void);
int64_t memgate_thread_cpu_nanoseconds(void);
int64_t memgate_process_cpu_nanoseconds(void);

int memgate_make_folder(const char *path, uint32_t mode);
int memgate_status(const char *path, struct memgate_file_status *status);
int memgate_filesystem_magic(const char *path, uint64_t *magic);
// Bytes that a process without privileges may still write to the file system of a path.
int64_t memgate_free_bytes(const char *path);

// Opens (creating, mode 0600, never inherited by a child) and locks a file. -EWOULDBLOCK: another process holds it.
int memgate_lock_file(const char *path);
int memgate_replace_contents(int file, const void *bytes, int64_t count);
void memgate_close(int file);

int64_t memgate_read_file(const char *path, int64_t offset, void *bytes, int64_t count);
// Writes a new file, mode 0600, and syncs it and its folder.
int memgate_write_file(const char *path, const char *folder, const void *bytes, int64_t count);
int memgate_set_length(const char *path, int64_t length);
int memgate_allocate_file(const char *path, int64_t length);
int memgate_remove_file(const char *path);
int memgate_remove_folder(const char *path);
int memgate_sync_folder(const char *path);

// A mutex with a condition on the monotonic clock.
void *memgate_monitor_make(void);
void memgate_monitor_free(void *monitor);
void memgate_monitor_lock(void *monitor);
void memgate_monitor_unlock(void *monitor);
void memgate_monitor_wake(void *monitor);
// Waits for a wake or until a moment of the monotonic clock in nanoseconds; INT64_MAX waits for ever.
void memgate_monitor_wait(void *monitor, int64_t deadline);

int memgate_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread);
void memgate_thread_join(uint64_t thread);

#endif
