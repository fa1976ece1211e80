// What one durable commit costs on this disk, with nothing of memgate in the way:
//
//   disk-commit FOLDER COUNT
//
// One thread puts a record of 2 KB into LMDB, under the flags that memgate uses, and commits; prints microseconds.

#include <lmdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(int code) {
    if (code == 0) return;
    fprintf(stderr, "disk-commit: %s\n", mdb_strerror(code));
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **arguments) {
    if (count != 3) { fprintf(stderr, "usage: disk-commit FOLDER COUNT\n"); return 2; }
    long commits = atol(arguments[2]);
    int64_t *times = malloc(commits * sizeof *times);
    static char value[2048];
    MDB_env *environment;
    check(mdb_env_create(&environment));
    check(mdb_env_set_mapsize(environment, 1UL << 30));
    check(mdb_env_open(environment, arguments[1], MDB_NOTLS | MDB_NORDAHEAD, 0644));
    MDB_dbi table;
    for (long i = 0; i < commits; i++) {
        uint64_t number = __builtin_bswap64(i);
        MDB_val key = {sizeof number, &number}, data = {sizeof value, value};
        MDB_txn *transaction;
        int64_t start = now_ns();
        check(mdb_txn_begin(environment, NULL, 0, &transaction));
        if (i == 0) check(mdb_dbi_open(transaction, NULL, 0, &table));
        check(mdb_put(transaction, table, &key, &data, 0));
        check(mdb_txn_commit(transaction));
        times[i] = now_ns() - start;
    }
    mdb_env_close(environment);
    qsort(times, commits, sizeof *times, ascending);
    printf("{\"p50\": %.1f, \"p99\": %.1f}\n", times[commits / 2] / 1e3, times[commits * 99 / 100] / 1e3);
}
