/* What test programs say of a thing that is not as on Linux: one line, and at the end how many they looked at. */
#include <errno.h>
#include <stdio.h>

static int checks;

#define CHECK(condition) \
  do { \
    checks++; \
    if (!(condition)) printf("line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
  } while (0)
#define REFUSED(call, number) \
  do { \
    errno = 0; \
    CHECK((call) == -1 && errno == (number)); \
  } while (0)

/* The kernel's code: no program may give it as an address. */
static void *const KERNEL __attribute__((unused)) = (void *)0xffffffff80200000;
