/* SPDX-License-Identifier: MIT */
/* The link against a server that is good, slow, wrong, rude or gone. */
#include "bridge/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "bridge/greeting.h"
#include "tests/unit/fakeserver.h"

static struct fake f;

static int setup(void **state)
{
    (void)state;
    fake_begin(&f);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fake_end(&f);
    return 0;
}

static int64_t real_ms(void)
{
    struct timespec t;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void add(const char *s)
{
    buffer_adds(link_out(f.link), s);
}

/* Moves the clock to the link's next timer and lets it fire. */
static void to_next_timer(void)
{
    int64_t at = link_deadline(f.link);

    assert_true(at >= 0);
    if (at > clock_mono_ms()) {
        clock_advance(at - clock_mono_ms());
    }
    link_tick(f.link, clock_mono_ms());
}

/* ------------------------------------------------------------------ greeting */

static void digests(void **state)
{
    char out[GREETING_DIGEST];

    (void)state;
    assert_int_equal(greeting_digest("s1", "secret", out), OK);
    assert_non_null(strstr(FAKE_HANDSHAKE, out));
    assert_int_equal(greeting_digest("", "", out), OK);
    assert_string_equal(out, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

static void comes_up(void **state)
{
    (void)state;
    assert_int_equal(link_fd(f.link), -1);
    assert_false(link_up(f.link));
    fake_run(&f, fake_is_up);
    assert_string_equal(f.log.data, "U");
    assert_int_equal(f.accepted, 1);
    assert_int_equal(fake_count(&f, "<stream:stream xmlns='jabber:component:accept' "), 1);
    assert_int_equal(fake_count(&f, FAKE_HANDSHAKE), 1);
}

/* Bytes one at a time, as a network may bring them. */
static void comes_up_byte_by_byte(void **state)
{
    static const char text[] = FAKE_HEADER "<handshake/><message id='m1'/>";
    size_t i;

    (void)state;
    f.mute = true;
    fake_run(&f, fake_is_accepted);
    for (i = 0; i < sizeof(text) - 1; i++) {
        char one[2] = {text[i], '\0'};

        assert_string_equal(f.last.data, "");
        fake_say(&f, one);
        fake_step(&f, 100);
    }
    assert_string_equal(f.log.data, "USB");
    assert_string_equal(f.last.data, "m1");
}

/* Nothing that comes before the server has accepted us is believed. */
static void stanzas_before_the_handshake_are_ignored(void **state)
{
    (void)state;
    f.answer = "<message id='early'/><handshake xmlns='urn:x'/><message id='early'/>"
               "<handshake/><handshake/><message id='late'/>";
    fake_run(&f, fake_is_batch);
    assert_string_equal(f.log.data, "USB");
    assert_string_equal(f.last.data, "late");
}

static void wrong_secret(void **state)
{
    (void)state;
    f.options.secret = "wrong";
    fake_new_link(&f);
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_REFUSED_SECRET);
    assert_string_equal(f.down.text, "not-authorized");
    assert_false(f.down.was_up);
    assert_false(f.down.ever_up);
}

/* A secret that is refused later is retried, and the event tells it from the first time. */
static void secret_refused_later(void **state)
{
    (void)state;
    fake_up(&f);
    fake_hang_up(&f, false);
    fake_run(&f, fake_is_down);
    assert_true(f.down.was_up);
    f.answer = FAKE_ERROR("not-authorized");
    fake_forget(&f);
    to_next_timer();
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_REFUSED_SECRET);
    assert_true(f.down.ever_up);
    assert_false(f.down.was_up);
    f.answer = NULL;
    to_next_timer();
    fake_run(&f, fake_is_up);
}

static void refusals(void **state)
{
    static const struct {
        const char *answer;
        enum link_why why;
        const char *text;
    } cases[] = {
        {FAKE_ERROR("host-unknown"), LINK_REFUSED_DOMAIN, "host-unknown"},
        {FAKE_ERROR("policy-violation"), LINK_STREAM_ERROR, "policy-violation"},
        {"</stream:stream>", LINK_LOST, "the server ended the stream"},
        {"<handshake>", LINK_TIMEOUT, "no greeting from 127.0.0.1"},
        {"HTTP/1.1 400", LINK_TIMEOUT, "no greeting from 127.0.0.1"},
        {"</bad>", LINK_PROTOCOL, "mismatched tag"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(cases); i++) {
        f.answer = cases[i].answer;
        fake_new_link(&f);
        if (cases[i].why == LINK_TIMEOUT) {
            fake_run_ms(&f, 50);
            assert_int_equal(link_deadline(f.link) - clock_mono_ms(), LINK_GREETING_MS);
            clock_advance(LINK_GREETING_MS);
        }
        fake_run(&f, fake_is_down);
        assert_int_equal(f.down.why, cases[i].why);
        assert_string_equal(f.down.text, cases[i].text);
        assert_string_equal(f.log.data, "D");
    }
}

static void a_header_without_id(void **state)
{
    (void)state;
    f.mute = true;
    fake_run(&f, fake_is_accepted);
    fake_say(&f, "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>");
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_PROTOCOL);
}

static void says_nothing(void **state)
{
    (void)state;
    f.mute = true;
    fake_run(&f, fake_is_accepted);
    fake_run_ms(&f, 20);
    clock_advance(LINK_GREETING_MS - 1);
    fake_run_ms(&f, 5);
    assert_string_equal(f.log.data, "");
    clock_advance(1);
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_TIMEOUT);
}

/* The secret and its digest are in nobody's log. */
static void the_secret_is_not_logged(void **state)
{
    FILE *log = tmpfile();
    char line[1000], digest[GREETING_DIGEST];
    int kept = dup(STDERR_FILENO), lines = 0;

    (void)state;
    assert_non_null(log);
    f.options.secret = "swordfish-is-not-it";
    fake_new_link(&f);
    (void)fflush(stderr);
    assert_true(dup2(fileno(log), STDERR_FILENO) >= 0);
    fake_run(&f, fake_is_down);
    f.options.secret = FAKE_SECRET;
    fake_new_link(&f);
    fake_run(&f, fake_is_up);
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(log);
    assert_int_equal(greeting_digest("s1", "swordfish-is-not-it", digest), OK);
    while (fgets(line, sizeof(line), log) != NULL) {
        lines++;
        assert_null(strstr(line, "swordfish"));
        assert_null(strstr(line, digest));
    }
    assert_true(lines >= 2);
    (void)fclose(log);
}

/* ------------------------------------------------------------------ addresses */

static void a_name_is_looked_up_without_waiting(void **state)
{
    int64_t began;

    (void)state;
    /* Not the spelling that is known without asking, but in each hosts file. */
    f.options.host = "LocalHost";
    fake_new_link(&f);
    began = real_ms();
    link_tick(f.link, clock_mono_ms());
    assert_true(real_ms() - began < 100);
    fake_run(&f, fake_is_up);
    /* And one that is given up while it is looked up. */
    fake_new_link(&f);
    link_tick(f.link, clock_mono_ms());
    link_free(f.link);
    f.link = NULL;
}

/* ::1 does not answer, 127.0.0.1 does. */
static void all_addresses_are_tried(void **state)
{
    (void)state;
    f.options.host = "localhost";
    fake_new_link(&f);
    fake_run(&f, fake_is_up);
}

static void nobody_listens(void **state)
{
    (void)state;
    (void)close(f.listener);
    f.listener = -1;
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_UNREACHABLE);
    assert_non_null(strstr(f.down.text, "refused"));
    assert_int_equal(link_fd(f.link), -1);
}

/* A server whose queue of connections is full answers no SYN. */
static void nobody_answers(void **state)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int full[4];
    size_t i;

    (void)state;
    a.sin_port = htons((uint16_t)f.port);
    assert_int_equal(listen(f.listener, 0), 0);
    for (i = 0; i < ARRAY_LEN(full); i++) {
        full[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(fcntl(full[i], F_SETFL, O_NONBLOCK), 0);
        (void)connect(full[i], (struct sockaddr *)&a, sizeof(a));
    }
    link_tick(f.link, clock_mono_ms());
    assert_true(link_fd(f.link) >= 0);
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), 5000);
    to_next_timer();
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_UNREACHABLE);
    assert_non_null(strstr(f.down.text, "timed out"));
    for (i = 0; i < ARRAY_LEN(full); i++) {
        (void)close(full[i]);
    }
}

/* ------------------------------------------------------------------ pauses */

static void pauses_grow(void **state)
{
    int64_t want = LINK_PAUSE_MS, sum = 0, most = 0, least = INT64_MAX, pause;
    unsigned i;

    (void)state;
    (void)close(f.listener);
    f.listener = -1;
    for (i = 0; i < 12; i++) {
        fake_forget(&f);
        to_next_timer();
        assert_string_equal(f.log.data, "D");
        pause = f.down.retry_at - clock_mono_ms();
        assert_int_equal(link_deadline(f.link), f.down.retry_at);
        assert_in_range(pause, want - want / 4, want + want / 4);
        want = want * 2 > LINK_PAUSE_MAX_MS ? LINK_PAUSE_MAX_MS : want * 2;
    }
    for (i = 0; i < 500; i++) { /* by chance, and fairly */
        pause = greeting_pause(3, LINK_LOST);
        sum += pause;
        most = pause > most ? pause : most;
        least = pause < least ? pause : least;
    }
    assert_in_range(sum / 500, 7500, 8500);
    assert_true(most > 9000 && least < 7000);
}

static void conflict_waits_longer(void **state)
{
    unsigned i;

    (void)state;
    f.answer = FAKE_ERROR("conflict");
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_CONFLICT);
    assert_int_equal(f.down.retry_at - clock_mono_ms(), LINK_PAUSE_CONFLICT_MS);
    for (i = 0; i < 100; i++) {
        int64_t pause = greeting_pause(i / 10, LINK_CONFLICT);

        assert_in_range(pause, LINK_PAUSE_CONFLICT_MS, LINK_PAUSE_MAX_MS * 5 / 4);
    }
    f.answer = NULL; /* the dead link was noticed at last */
    to_next_timer();
    fake_run(&f, fake_is_up);
}

static void pauses_begin_anew_after_a_while(void **state)
{
    static const int64_t up_for[] = {LINK_STABLE_MS - 1, LINK_STABLE_MS};
    size_t i;
    unsigned k;

    (void)state;
    for (i = 0; i < ARRAY_LEN(up_for); i++) {
        f.answer = "</stream:stream>";
        fake_new_link(&f);
        for (k = 0; k < 4; k++) {
            fake_forget(&f);
            to_next_timer();
            fake_run(&f, fake_is_down);
        }
        f.answer = NULL;
        to_next_timer();
        fake_up(&f);
        clock_advance(up_for[i]);
        fake_hang_up(&f, false);
        fake_run(&f, fake_is_down);
        if (up_for[i] < LINK_STABLE_MS) {
            assert_in_range(f.down.retry_at - clock_mono_ms(), 12000, 20000);
        } else {
            assert_in_range(f.down.retry_at - clock_mono_ms(), 750, 1250);
        }
    }
}

/* ------------------------------------------------------------------ carrying */

static void a_batch_is_one_read(void **state)
{
    (void)state;
    fake_up(&f);
    fake_say(&f, "<message id='1'/><iq id='2'/><presence id='3'/> <mess");
    fake_run(&f, fake_is_batch);
    assert_string_equal(f.log.data, "SSSB");
    fake_say(&f, " \n"); /* no stanza, no batch */
    fake_run_ms(&f, 30);
    assert_string_equal(f.log.data, "SSSB");
}

static void a_refused_stanza_does_not_end_the_link(void **state)
{
    size_t i;

    (void)state;
    fake_up(&f);
    fake_say(&f, "<message id='big'>");
    for (i = 0; i <= LIMIT_STANZA_CHILDREN; i++) {
        fake_say(&f, "<a/>");
    }
    fake_say(&f, "</message><message id='next'/>");
    fake_run(&f, fake_is_batch);
    fake_run_ms(&f, 20);
    assert_non_null(strchr(f.log.data, 'R'));
    assert_non_null(strchr(f.log.data, 'S'));
    assert_string_equal(f.last.data, "next");
    assert_true(link_up(f.link));
}

static void what_came_before_a_fault_counts(void **state)
{
    (void)state;
    fake_up(&f);
    f.flush_on_batch = true;
    fake_say(&f, "<message id='1'/><message id='2'></bad>");
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "SBD");
    assert_string_equal(f.last.data, "1");
    assert_int_equal(f.down.why, LINK_PROTOCOL);
    assert_true(f.down.was_up);
}

static void closed_in_the_middle_of_a_stanza(void **state)
{
    (void)state;
    fake_up(&f);
    fake_say(&f, "<message id='1'><body>half");
    fake_hang_up(&f, false);
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_LOST);
    to_next_timer();
    fake_run(&f, fake_is_up);
}

static void the_server_ends_the_stream(void **state)
{
    (void)state;
    fake_up(&f);
    fake_say(&f, "<message id='1'/></stream:stream>");
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "SBD");
    fake_run_ms(&f, 20);
    assert_int_equal(fake_count(&f, "</stream:stream>"), 1);
    assert_int_equal(f.fd, -1); /* and the connection is closed */
}

static void a_reset_connection_is_no_signal(void **state)
{
    unsigned i;

    (void)state;
    fake_up(&f);
    fake_hang_up(&f, true);
    for (i = 0; i < 3; i++) {
        add("<message/>");
        link_flush(f.link);
    }
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_LOST);
    assert_string_equal(f.log.data, "D");
}

/* What was appended while there was no link does not leave later. */
static void down_means_thrown_away(void **state)
{
    (void)state;
    add("<early/>");
    link_flush(f.link);
    assert_int_equal(link_unsent(f.link), 0);
    add("<early/>");
    fake_run(&f, fake_is_up);
    add("<late/>");
    link_flush(f.link);
    fake_run_ms(&f, 20);
    assert_int_equal(fake_count(&f, "early"), 0);
    assert_int_equal(fake_count(&f, "<late/>"), 1);
}

static void answers_leave_at_once(void **state)
{
    (void)state;
    fake_up(&f);
    f.flush_on_batch = true;
    fake_say(&f, "<message id='1'/>");
    fake_run(&f, fake_is_batch);
    fake_run_ms(&f, 20);
    assert_int_equal(fake_count(&f, "<presence/>"), 1);
}

/* A server that does not read: nothing blocks, and all arrives in order when it reads again. */
static void a_server_that_stalls(void **state)
{
    int64_t began = real_ms();
    char stanza[64];
    unsigned i;

    (void)state;
    fake_up(&f);
    f.deaf = true;
    for (i = 0; i < 200000; i++) {
        (void)snprintf(stanza, sizeof(stanza), "<message id='%06u'/>", i);
        add(stanza);
        if (i % 100 == 0) {
            link_flush(f.link);
        }
    }
    link_flush(f.link);
    assert_true(real_ms() - began < 2000);
    assert_true(link_unsent(f.link) > 500000);
    assert_true((link_wants(f.link) & POLLOUT) != 0);
    buffer_reset(&f.got);
    f.deaf = false;
    fake_run(&f, fake_is_drained);
    fake_run_ms(&f, 50);
    assert_int_equal(link_wants(f.link), POLLIN);
    assert_int_equal(f.got.len, 200000 * strlen("<message id='000000'/>"));
    for (i = 0; i < 200000; i++) {
        (void)snprintf(stanza, sizeof(stanza), "<message id='%06u'/>", i);
        assert_memory_equal(f.got.data + i * strlen(stanza), stanza, strlen(stanza));
    }
}

/* With too small a send buffer each 64 KiB would wait 40 ms for an acknowledgement: 5 s. */
static void bytes_do_not_wait_for_acknowledgements(void **state)
{
    char *block = malloc(65537);
    int64_t began;
    unsigned i;

    (void)state;
    assert_non_null(block);
    memset(block, ' ', 65536);
    block[65536] = '\0';
    fake_up(&f);
    began = real_ms();
    for (i = 0; i < 128;
         i++) { /* a backlog all the time: a pause between two blocks would hide it */
        add(block);
    }
    link_flush(f.link);
    fake_run(&f, fake_is_drained);
    assert_true(real_ms() - began < 2000);
    free(block);
}

static void a_server_that_never_reads(void **state)
{
    char *block = malloc(65537);
    unsigned i;

    (void)state;
    assert_non_null(block);
    memset(block, ' ', 65536);
    block[65536] = '\0';
    fake_up(&f);
    f.deaf = true;
    for (i = 0; i < LINK_OUT_MAX / 65536 + 20; i++) {
        add(block);
        link_flush(f.link);
    }
    assert_int_equal(link_deadline(f.link), 0);
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_STUCK);
    free(block);
}

/* ------------------------------------------------------------------ liveness */

static void idle_means_idle(void **state)
{
    unsigned before;

    (void)state;
    fake_up(&f);
    before = f.ios;
    fake_run_ms(&f, 200);
    assert_int_equal(f.ios, before);
    assert_int_equal(link_deadline(f.link), -1);
    assert_int_equal(link_wants(f.link), POLLIN);
    clock_advance(3600000);
    link_tick(f.link, clock_mono_ms());
    assert_true(link_up(f.link));
    assert_int_equal(link_silent_ms(f.link), 3600000);
}

/* The deadline as it stands, and that it is kept to the millisecond. */
static void cut_after(int64_t patience)
{
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), patience);
    clock_advance(patience - 1);
    link_tick(f.link, clock_mono_ms());
    assert_true(link_up(f.link));
    clock_advance(1);
    fake_forget(&f);
    link_tick(f.link, clock_mono_ms());
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_SILENT);
}

static void silence_cuts_when_something_is_owed(void **state)
{
    (void)state;
    fake_up(&f);
    clock_advance(500000); /* quiet, but nothing was owed */
    link_expect(f.link, true);
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), LINK_PATIENCE_MS);
    clock_advance(LINK_PATIENCE_MS - 1);
    fake_say(&f, " "); /* anything that comes, and anything that TCP takes, starts it again */
    fake_run_ms(&f, 20);
    assert_int_equal(link_silent_ms(f.link), 0);
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), LINK_PATIENCE_MS);
    clock_advance(LINK_PATIENCE_MS - 1);
    add("<message/>");
    link_flush(f.link);
    cut_after(LINK_PATIENCE_MS);
    /* Each cut repeats what was in flight: so the next one waits twice as long … */
    to_next_timer();
    fake_up(&f);
    link_expect(f.link, false); /* said before anything is owed: no answer has come by that */
    link_expect(f.link, true);
    cut_after(2 * LINK_PATIENCE_MS);
    to_next_timer();
    fake_up(&f);
    link_expect(f.link, true);
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), 4 * LINK_PATIENCE_MS);
    /* … until an answer has come. */
    link_expect(f.link, false);
    assert_int_equal(link_deadline(f.link), -1);
    link_expect(f.link, true);
    cut_after(LINK_PATIENCE_MS);
}

/* Bytes that TCP does not take are waited for in the same way. */
static void silence_cuts_when_something_is_unsent(void **state)
{
    char *block = malloc(1000001);

    (void)state;
    assert_non_null(block);
    memset(block, ' ', 1000000);
    block[1000000] = '\0';
    fake_up(&f);
    f.deaf = true;
    while (link_unsent(f.link) == 0) {
        add(block);
        link_flush(f.link);
    }
    fake_run_ms(&f, 50);
    cut_after(LINK_PATIENCE_MS);
    free(block);
}

/* ------------------------------------------------------------------ the planned stop */

static void close_says_goodbye(void **state)
{
    (void)state;
    fake_up(&f);
    add("<presence type='unavailable'/>");
    link_close(f.link);
    assert_false(link_up(f.link));
    fake_run_ms(&f, 20);
    assert_string_equal(f.log.data, "");
    assert_int_equal(fake_count(&f, "<presence type='unavailable'/></stream:stream>"), 1);
    fake_say(&f, "<message id='last'/></stream:stream>");
    fake_run(&f, fake_is_over);
    assert_string_equal(f.log.data, "SBD");
    assert_int_equal(f.down.why, LINK_CLOSED);
    assert_int_equal(f.down.retry_at, -1);
    assert_int_equal(link_fd(f.link), -1);
    assert_int_equal(link_deadline(f.link), -1);
    assert_int_equal(fake_count(&f, "</stream:stream>"), 1);
    clock_advance(3600000);
    link_tick(f.link, clock_mono_ms());
    assert_string_equal(f.log.data, "SBD");
}

static void close_waits_a_second_at_most(void **state)
{
    (void)state;
    fake_up(&f);
    f.deaf = true;
    link_close(f.link);
    assert_int_equal(link_deadline(f.link) - clock_mono_ms(), LINK_CLOSE_MS);
    clock_advance(LINK_CLOSE_MS);
    link_tick(f.link, clock_mono_ms());
    assert_true(link_over(f.link));
    assert_int_equal(f.down.why, LINK_CLOSED);
}

static void close_when_not_up(void **state)
{
    (void)state;
    link_close(f.link); /* before the first try */
    fake_run(&f, fake_is_over);
    assert_string_equal(f.log.data, "D");
    fake_new_link(&f);
    f.mute = true; /* in the middle of the greeting */
    fake_run(&f, fake_is_accepted);
    link_close(f.link);
    link_close(f.link);
    fake_run(&f, fake_is_over);
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_CLOSED);
}

static void close_from_inside_an_event(void **state)
{
    (void)state;
    fake_up(&f);
    f.close_on_stanza = true;
    fake_say(&f, "<message id='1'/><message id='2'/>");
    fake_run(&f, fake_is_batch);
    assert_string_equal(f.log.data, "SSB");
    fake_hang_up(&f, true);
    fake_run(&f, fake_is_over);
}

int main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    static const struct CMUnitTest tests[] = {
        T(digests),
        T(comes_up),
        T(comes_up_byte_by_byte),
        T(stanzas_before_the_handshake_are_ignored),
        T(wrong_secret),
        T(secret_refused_later),
        T(refusals),
        T(a_header_without_id),
        T(says_nothing),
        T(the_secret_is_not_logged),
        T(a_name_is_looked_up_without_waiting),
        T(all_addresses_are_tried),
        T(nobody_listens),
        T(nobody_answers),
        T(pauses_grow),
        T(conflict_waits_longer),
        T(pauses_begin_anew_after_a_while),
        T(a_batch_is_one_read),
        T(a_refused_stanza_does_not_end_the_link),
        T(what_came_before_a_fault_counts),
        T(closed_in_the_middle_of_a_stanza),
        T(the_server_ends_the_stream),
        T(a_reset_connection_is_no_signal),
        T(down_means_thrown_away),
        T(answers_leave_at_once),
        T(a_server_that_stalls),
        T(bytes_do_not_wait_for_acknowledgements),
        T(a_server_that_never_reads),
        T(idle_means_idle),
        T(silence_cuts_when_something_is_owed),
        T(silence_cuts_when_something_is_unsent),
        T(close_says_goodbye),
        T(close_waits_a_second_at_most),
        T(close_when_not_up),
        T(close_from_inside_an_event),
    };

    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
