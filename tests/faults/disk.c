/* A disk that fails when it is told to: preloaded, it counts the calls that change or open files below one folder,
   and fails, sends a signal, kills or loses its power at one of them. Armed from Python by fault_arm(), or by the
   environment at the start.

   Power: of each file that was opened for writing it knows the content at its last sync, and of each folder what was
   made, renamed and unlinked in it since its own. At the cut each block that differs is as it was, or by chance as it
   is; a file that was cut short is so, or has all of its end again, since file systems shorten a file as a whole; and
   folders are as they were, or as they were at some moment since; a synced file's name stays, as file systems with a
   journal keep it. Then the process is killed.

   One thread at a time: what another thread writes while the power goes would stay on a disk that is dark already. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char below[4096];
static long calls, fatal_call;
static int error_number, lasting, kills, cuts, signal_sent;
static unsigned long chance;

static pthread_mutex_t one_at_a_time = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define POWER 1000
#define BLOCK 512

/* Counts from zero; at call number `at` fails with `number` (once, or from there on where `sticky`), kills where
   `number` is 0, sends signal -`number` where it is below, and loses the power from 1000 on: at 1000 all that was not
   synced is lost, above what chance says. With `at` 0 it only counts. */
void fault_arm(const char *folder, long at, int number, int sticky) {
    snprintf(below, sizeof below, "%s", folder);
    calls = 0;
    fatal_call = at;
    error_number = number;
    lasting = sticky;
    kills = number == 0;
    signal_sent = number < 0 ? -number : 0;
    cuts = number >= POWER;
    chance = number - POWER;
}

static struct file { dev_t device; ino_t number; int fd; char *synced; off_t size; } files[256];
static struct step { char what, from[4096], to[4096], saved[4200]; dev_t device; ino_t folder, file; } *steps;
static int file_count, step_count, saved_count;

static int by_chance(void) {
    chance = chance * 6364136223846793005UL + 1442695040888963407UL;
    return (chance >> 33) & 1;
}

static void fail(const char *what) {
    fprintf(stderr, "the disk of the test: %s: %s\n", what, strerror(errno));
    abort();
}

/* Its content becomes what a cut leaves. */
static void note_synced(struct file *file) {
    struct stat now;
    if (fstat(file->fd, &now)) fail("stat");
    file->synced = realloc(file->synced, now.st_size + 1);
    file->size = 0;
    while (file->size < now.st_size) {
        ssize_t got = pread(file->fd, file->synced + file->size, now.st_size - file->size, file->size);
        if (got <= 0) fail("read");
        file->size += got;
    }
}

static struct file *file_of(int fd) {
    struct stat now;
    if (fstat(fd, &now) || !S_ISREG(now.st_mode)) return NULL;
    for (int n = 0; n < file_count; n++)
        if (files[n].device == now.st_dev && files[n].number == now.st_ino) return &files[n];
    return NULL;
}

/* A file that may be written from now on. Its descriptor stays open: closing one would drop the locks of the process. */
static void watch(const char *path, int fresh) {
    struct stat now;
    int fd;
    if (stat(path, &now) || !S_ISREG(now.st_mode)) return;
    for (int n = 0; n < file_count; n++)
        if (files[n].device == now.st_dev && files[n].number == now.st_ino) return;
    if (file_count == 256) fail("too many files");
    fd = REAL(open)(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) fail(path);
    files[file_count] = (struct file){now.st_dev, now.st_ino, fd, NULL, 0};
    if (!fresh) note_synced(&files[file_count]);
    file_count++;
}

static struct step *note_step(char what, const char *from, const char *to) {
    char folder[4096];
    struct stat now;
    struct step *step;
    steps = realloc(steps, (step_count + 1) * sizeof *steps);
    step = &steps[step_count++];
    memset(step, 0, sizeof *step);
    step->what = what;
    snprintf(step->from, sizeof step->from, "%s", from);
    snprintf(step->to, sizeof step->to, "%s", to);
    snprintf(folder, sizeof folder, "%s", to);
    *strrchr(folder, '/') = 0;
    if (!stat(folder, &now)) step->folder = now.st_ino;
    if (!stat(to, &now)) step->file = now.st_ino;
    return step;
}

/* Keeps what a rename or an unlink takes away, under another name outside the folder. */
static void keep(struct step *step, const char *path) {
    snprintf(step->saved, sizeof step->saved, "%s.kept-%d-%d", below, getpid(), saved_count++);
    if (link(path, step->saved)) step->saved[0] = 0;
}

static void forget_steps(ino_t folder, ino_t file) {
    int left = 0;
    for (int n = 0; n < step_count; n++) {
        int settled = (folder && steps[n].folder == folder) || (file && steps[n].what == 'm' && steps[n].file == file);
        if (settled && steps[n].saved[0]) REAL(unlink)(steps[n].saved);
        if (!settled) steps[left++] = steps[n];
    }
    step_count = left;
}

static void synced(int fd) {
    struct stat now;
    struct file *file = file_of(fd);
    if (!cuts || fstat(fd, &now)) return;
    if (S_ISDIR(now.st_mode)) forget_steps(now.st_ino, 0);
    if (file) {
        note_synced(file);
        forget_steps(0, now.st_ino);
    }
}

static void lose_content(struct file *file) {
    struct stat now;
    off_t size;
    if (fstat(file->fd, &now)) fail("stat");
    size = chance && by_chance() ? now.st_size : file->size;
    if (REAL(ftruncate)(file->fd, size)) fail("truncate");
    for (off_t at = 0; at < size && at < file->size; at += BLOCK) {
        off_t end = file->size < size ? file->size : size;
        size_t length = end - at < BLOCK ? (size_t)(end - at) : BLOCK;
        int cut_off = at >= now.st_size;
        if ((!chance || cut_off || by_chance()) && REAL(pwrite)(file->fd, file->synced + at, length, at) < 0) fail("write");
    }
    for (off_t at = (file->size + BLOCK - 1) / BLOCK * BLOCK; at < size; at += BLOCK) {
        static const char zeros[BLOCK];
        size_t length = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        if ((!chance || by_chance()) && REAL(pwrite)(file->fd, zeros, length, at) < 0) fail("write");
    }
}

static void lose_step(struct step *step) {
    if (step->what == 'm') REAL(unlink)(step->to);
    if (step->what == 'r') REAL(rename)(step->to, step->from);
    if (step->saved[0] && REAL(rename)(step->saved, step->to)) fail("bring back");
    step->saved[0] = 0;
}

/* The power goes: what was not synced is lost, and the process with it. */
void fault_cut(void) {
    int lost;
    pthread_mutex_lock(&one_at_a_time);
    lost = step_count;
    cuts = 0;
    while (chance && lost && by_chance()) lost--;
    for (int n = 0; n < lost; n++) lose_step(&steps[step_count - 1 - n]);
    for (int n = 0; n < step_count; n++) if (steps[n].saved[0]) REAL(unlink)(steps[n].saved);
    for (int n = 0; n < file_count; n++) lose_content(&files[n]);
    raise(SIGKILL);
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
    if (cuts) fault_cut();
    if (signal_sent) {
        raise(signal_sent);
        return 0;
    }
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

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

/* The path that a call names, below the folder or not; empty where nobody can say. */
static const char *named(int folder, const char *name, char *path) {
    char link[64];
    ssize_t length;
    if (name[0] == '/') return name;
    if (folder == AT_FDCWD) return realpath(name, path) ? path : "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    length = readlink(link, path, 4000);
    if (length <= 0) return "";
    snprintf(path + length, 4096 - length, "/%s", name);
    return path;
}

static int watched(const char *path) { return cuts && below[0] && !strncmp(path, below, strlen(below)); }

/* An open, with what it makes or cuts off noted. */
static int opened(int folder, const char *name, int flags, mode_t mode) {
    char buffer[4096];
    const char *path = named(folder, name, buffer);
    struct stat now;
    int fd, writes = (flags & O_ACCMODE) != O_RDONLY, there = 1;
    if (writes && watched(path)) {
        there = !stat(path, &now);
        if (there) watch(path, 0);
    }
    fd = REAL(openat)(folder, name, flags, mode);
    if (fd >= 0 && writes && watched(path) && !there) {
        watch(path, 1);
        note_step('m', "", path);
    }
    return fd;
}

static int unlinked(int folder, const char *name, int flags) {
    char buffer[4096];
    const char *path = named(folder, name, buffer);
    struct stat now;
    if (watched(path) && !stat(path, &now) && S_ISREG(now.st_mode)) keep(note_step('u', "", path), path);
    return REAL(unlinkat)(folder, name, flags);
}

static int renamed(int a, const char *from, int b, const char *to) {
    char first[4096], second[4096];
    const char *old = named(a, from, first), *new = named(b, to, second);
    struct stat now;
    if (watched(new) && !stat(old, &now) && S_ISREG(now.st_mode)) {
        struct step *step = note_step('r', old, new);
        if (!stat(new, &now)) keep(step, new);
    }
    return REAL(renameat)(a, from, b, to);
}

/* Below the folder a sync is only noted: the disk is played, and a real one would take most of the time. */
static int done_syncing(int fd, int (*real)(int)) {
    if (!below[0]) return real(fd);
    synced(fd);
    return 0;
}

#define ALONE(type, work) \
    pthread_mutex_lock(&one_at_a_time); \
    type answer = work; \
    pthread_mutex_unlock(&one_at_a_time); \
    return answer

int open(const char *path, int flags, ...) { MODE(flags) ALONE(int, strikes(path) ? -1 : opened(AT_FDCWD, path, flags, mode)); }
int open64(const char *path, int flags, ...) { MODE(flags) ALONE(int, strikes(path) ? -1 : opened(AT_FDCWD, path, flags, mode)); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) ALONE(int, strikes_at(at, path) ? -1 : opened(at, path, flags, mode)); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) ALONE(int, strikes_at(at, path) ? -1 : opened(at, path, flags, mode)); }
ssize_t write(int fd, const void *from, size_t size) { ALONE(ssize_t, strikes_fd(fd) ? -1 : REAL(write)(fd, from, size)); }
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { ALONE(ssize_t, strikes_fd(fd) ? -1 : REAL(pwrite)(fd, from, size, at)); }
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) { ALONE(ssize_t, strikes_fd(fd) ? -1 : REAL(pwrite64)(fd, from, size, at)); }
int fsync(int fd) { ALONE(int, strikes_fd(fd) ? -1 : done_syncing(fd, REAL(fsync))); }
int fdatasync(int fd) { ALONE(int, strikes_fd(fd) ? -1 : done_syncing(fd, REAL(fdatasync))); }
int ftruncate(int fd, off_t size) { ALONE(int, strikes_fd(fd) ? -1 : REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off64_t size) { ALONE(int, strikes_fd(fd) ? -1 : REAL(ftruncate64)(fd, size)); }
int rename(const char *from, const char *to) { ALONE(int, strikes(to) ? -1 : renamed(AT_FDCWD, from, AT_FDCWD, to)); }
int renameat(int a, const char *from, int b, const char *to) { ALONE(int, strikes_at(b, to) ? -1 : renamed(a, from, b, to)); }
int unlink(const char *path) { ALONE(int, strikes(path) ? -1 : unlinked(AT_FDCWD, path, 0)); }
int unlinkat(int at, const char *path, int flags) { ALONE(int, strikes_at(at, path) ? -1 : unlinked(at, path, flags)); }
int mkdir(const char *path, mode_t mode) { ALONE(int, strikes(path) ? -1 : REAL(mkdir)(path, mode)); }
