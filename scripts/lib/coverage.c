/* Linked into each program by scripts/coverage.sh: says where it writes its counters when it ends. LLVM_PROFILE_FILE would
   not reach most processes, because tests give them an environment of their own; the compiler's default is the current
   directory, whose content tests compare. At most 4 processes of a program write at the same time. */
#include <stdlib.h>
#include <unistd.h>

/* Absent from programs without counters, such as the build scripts of dependencies. */
void __llvm_profile_set_filename(const char *) __attribute__((weak));

__attribute__((constructor)) static void name_profile(void) {
  if (__llvm_profile_set_filename == 0)
    return;
  /* A process of another user, or in a root directory of its own, is not counted. */
  if (access(DIRECTORY, W_OK) == 0)
    __llvm_profile_set_filename(DIRECTORY "/lines-%4m.profraw");
  else
    __llvm_profile_set_filename("/dev/null");
  /* It leaves a mark for child processes, whose environment tests compare. */
  unsetenv("__LLVM_PROFILE_RT_INIT_ONCE");
}
