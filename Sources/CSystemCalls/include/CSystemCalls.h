#ifndef MEMGATE_SYSTEM_CALLS_H
#define MEMGATE_SYSTEM_CALLS_H

#include "memgate_events.h"
#include "memgate_files.h"
#include "memgate_sockets.h"
#include "memgate_time.h"

#endif
