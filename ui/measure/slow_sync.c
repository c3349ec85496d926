/* Adds TERN_SYNC_DELAY_US microseconds to every sync, as a slower disk would. Preloaded by `kiosk measure commit`
   into a process of its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(fd);
    const char *delay = getenv("TERN_SYNC_DELAY_US");
    long us = delay ? atol(delay) : 0;
    if (us > 0) {
        struct timespec rest = {us / 1000000, us % 1000000 * 1000};
        nanosleep(&rest, NULL);
    }
    return result;
}

int fdatasync(int fd) { return slowly("fdatasync", fd); }
int fsync(int fd) { return slowly("fsync", fd); }
