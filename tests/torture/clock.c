/* SPDX-License-Identifier: MIT */
/* A clock that somebody sets: the time of day is off by what the test says, the monotonic one never is. Linked with
 * --wrap=clock_gettime. */
#include "tests/torture/faults.h"

#include <time.h>

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = __real_clock_gettime(id, t);
    int64_t ms = faults()->clock_ms;

    if (rc == 0 && id == CLOCK_REALTIME) {
        t->tv_sec += (time_t)(ms / 1000);
        t->tv_nsec += (long)(ms % 1000) * 1000000;
        if (t->tv_nsec >= 1000000000) {
            t->tv_sec++;
            t->tv_nsec -= 1000000000;
        } else if (t->tv_nsec < 0) {
            t->tv_sec--;
            t->tv_nsec += 1000000000;
        }
    }
    return rc;
}
