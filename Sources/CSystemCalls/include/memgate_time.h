#ifndef MEMGATE_TIME_H
#define MEMGATE_TIME_H

#include <stddef.h>
#include <stdint.h>

/// Lets the process's local time be that of a zone of the system's database. The first call belongs to the start: later
/// ones only exchange a variable that is there.
void memgate_use_time_zone(const char *name);

/// Seconds that local time is ahead of UTC at a moment in seconds since 1970.
int64_t memgate_utc_offset(int64_t seconds);

/// What the variable `TZ` says, or NULL.
const char *memgate_time_zone_variable(void);

/// Where a symbolic link leads: how many bytes were written, or -1.
int64_t memgate_read_link(const char *path, char *buffer, size_t size);

#endif
