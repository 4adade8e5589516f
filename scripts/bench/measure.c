/* Runs a command and appends what it cost to a file: nanoseconds from fork to reaped, the peak resident set in
 * kB, of the command or of the largest process that it waited for, and microseconds of a processor, user and system.
 * usage: measure FILE COMMAND...
 *
 * In C and static, because Linux counts a process's peak from before its exec: forked from bash or Python,
 * the copy of their memory would be the least that any command can show.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FAULT_OF_OURS = 125, NOT_RUNNABLE = 127, KILLED = 128 };

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: measure FILE COMMAND...\n");
    return FAULT_OF_OURS;
  }
  long long start = nanoseconds();
  pid_t child = fork();
  if (child == 0) {
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    _exit(NOT_RUNNABLE);
  }
  int status;
  struct rusage used;
  if (child < 0 || wait4(child, &status, 0, &used) != child) {
    perror("measure");
    return FAULT_OF_OURS;
  }
  long long end = nanoseconds();
  long long processor = microseconds(used.ru_utime) + microseconds(used.ru_stime);

  FILE *file = fopen(arguments[1], "a");
  if (file == NULL || fprintf(file, "%lld\t%ld\t%lld\n", end - start, used.ru_maxrss, processor) < 0 ||
      fclose(file) != 0) {
    perror(arguments[1]);
    return FAULT_OF_OURS;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}
