/* A disk that fails when it is told to: preloaded, it counts the calls that change or open files below one folder,
   and fails or kills at one of them. Armed from Python by fault_arm(), or by the environment at the start. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char below[4096];
static long calls, fatal_call;
static int error_number, lasting, kills;

/* Counts from zero; at call number `at` fails with `number` (once, or from there on where `sticky`), or kills where
   `number` is 0. With `at` 0 it only counts. */
void fault_arm(const char *folder, long at, int number, int sticky) {
    snprintf(below, sizeof below, "%s", folder);
    calls = 0;
    fatal_call = at;
    error_number = number;
    lasting = sticky;
    kills = number == 0;
}

long fault_calls(void) { return calls; }

__attribute__((constructor)) static void from_environment(void) {
    const char *folder = getenv("FAULT_BELOW"), *at = getenv("FAULT_AT"), *number = getenv("FAULT_ERRNO");
    if (folder && at && number) fault_arm(folder, atol(at), atoi(number), getenv("FAULT_LASTING") != NULL);
}

static int strikes(const char *path) {
    if (!below[0] || strncmp(path, below, strlen(below)) != 0) return 0;
    calls++;
    if (!fatal_call || calls < fatal_call || (calls > fatal_call && !lasting)) return 0;
    if (kills) raise(SIGKILL);
    errno = error_number;
    return 1;
}

static int strikes_fd(int fd) {
    char link[64], path[4096];
    ssize_t length;
    if (!below[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strikes(path);
}

static int strikes_at(int folder, const char *name) {
    char link[64], path[8192];
    ssize_t length;
    if (!below[0]) return 0;
    if (name[0] == '/' || folder == AT_FDCWD) return strikes(name);
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    length = readlink(link, path, 4096);
    if (length <= 0) return 0;
    snprintf(path + length, sizeof path - length, "/%s", name);
    return strikes(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) return strikes(path) ? -1 : REAL(open)(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return strikes(path) ? -1 : REAL(open64)(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return strikes_at(at, path) ? -1 : REAL(openat)(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return strikes_at(at, path) ? -1 : REAL(openat64)(at, path, flags, mode); }
ssize_t write(int fd, const void *from, size_t size) { return strikes_fd(fd) ? -1 : REAL(write)(fd, from, size); }
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { return strikes_fd(fd) ? -1 : REAL(pwrite)(fd, from, size, at); }
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) { return strikes_fd(fd) ? -1 : REAL(pwrite64)(fd, from, size, at); }
int fsync(int fd) { return strikes_fd(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return strikes_fd(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return strikes_fd(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return strikes_fd(fd) ? -1 : REAL(ftruncate64)(fd, size); }
int rename(const char *from, const char *to) { return strikes(to) ? -1 : REAL(rename)(from, to); }
int renameat(int a, const char *from, int b, const char *to) { return strikes_at(b, to) ? -1 : REAL(renameat)(a, from, b, to); }
int unlink(const char *path) { return strikes(path) ? -1 : REAL(unlink)(path); }
int unlinkat(int at, const char *path, int flags) { return strikes_at(at, path) ? -1 : REAL(unlinkat)(at, path, flags); }
int mkdir(const char *path, mode_t mode) { return strikes(path) ? -1 : REAL(mkdir)(path, mode); }
