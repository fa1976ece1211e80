#include "memgate_time.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void memgate_use_time_zone(const char *name) {
    setenv("TZ", name, 1);
    tzset();
}

int64_t memgate_utc_offset(int64_t seconds) {
    time_t moment = (time_t)seconds;
    struct tm parts;
    return localtime_r(&moment, &parts) == NULL ? 0 : (int64_t)parts.tm_gmtoff;
}

const char *memgate_time_zone_variable(void) { return getenv("TZ"); }

int64_t memgate_read_link(const char *path, char *buffer, size_t size) { return readlink(path, buffer, size); }
