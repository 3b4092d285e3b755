/* SPDX-License-Identifier: MIT */
#include "bridge/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/err.h"

/* Of one SSL_write(): two records. */
#define TLS_WRITE_MAX 32768

struct wire {
    int fd;
    SSL_CTX *ctx; /* NULL: in the clear */
    SSL *ssl;
    bool read_wants_out;    /* the last read or handshake waits for the socket to take bytes */
    bool write_wants_in;    /* the last write waits for bytes to come */
    enum wire_result later; /* how the read ended that had bytes to give first */
    char problem[200];
};

struct wire *wire_new(int fd)
{
    struct wire *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        err_no_memory();
    }
    w->fd = fd;
    return w;
}

void wire_free(struct wire *w)
{
    if (w == NULL) {
        return;
    }
    if (w->ssl != NULL) {
        ERR_clear_error();
        (void)SSL_shutdown(w->ssl); /* best effort: says goodbye, does not wait */
        SSL_free(w->ssl);
    }
    SSL_CTX_free(w->ctx);
    ERR_clear_error();
    (void)close(w->fd);
    free(w);
}

static enum wire_result fail_errno(struct wire *w, int error)
{
    (void)snprintf(w->problem, sizeof(w->problem), "%s", strerror(error));
    return WIRE_FAILED;
}

/* What OpenSSL says last, behind what was being done. */
static enum wire_result fail_openssl(struct wire *w, const char *doing)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);

    (void)snprintf(w->problem, sizeof(w->problem), "%.100s: %.60s%s", doing,
                   reason == NULL ? "no reason given" : reason,
                   ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER
                       ? " (is there no TLS on this port?)"
                       : "");
    ERR_clear_error();
    return WIRE_FAILED;
}

static void ignore_sigpipe(void)
{
    struct sigaction act;

    if (sigaction(SIGPIPE, NULL, &act) == 0 && act.sa_handler == SIG_DFL) {
        act.sa_handler = SIG_IGN;
        (void)sigaction(SIGPIPE, &act, NULL);
    }
}

/* The name the certificate must be for. */
static bool set_peer(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    char name[256]; /* OpenSSL's macro takes const away */

    if (strlen(host) >= sizeof(name)) {
        return false;
    }
    (void)snprintf(name, sizeof(name), "%s", host);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1) {
        return true;
    }
    ERR_clear_error();
    return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 &&
           SSL_set_tlsext_host_name(ssl, name) == 1;
}

enum wire_result wire_start_tls(struct wire *w, const char *host, const char *ca_file)
{
    char doing[128];

    ignore_sigpipe();
    ERR_clear_error();
    w->ctx = SSL_CTX_new(TLS_client_method());
    if (w->ctx == NULL) {
        err_no_memory();
    }
    if (SSL_CTX_set_min_proto_version(w->ctx, TLS1_2_VERSION) != 1) {
        return fail_openssl(w, "TLS 1.2");
    }
    SSL_CTX_set_verify(w->ctx, SSL_VERIFY_PEER, NULL);
    (void)SSL_CTX_set_mode(w->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
    if ((ca_file != NULL ? SSL_CTX_load_verify_locations(w->ctx, ca_file, NULL)
                         : SSL_CTX_set_default_verify_paths(w->ctx)) != 1) {
        (void)snprintf(doing, sizeof(doing), "%.100s", ca_file != NULL ? ca_file : "CA files");
        return fail_openssl(w, doing);
    }
    w->ssl = SSL_new(w->ctx);
    if (w->ssl == NULL) {
        err_no_memory();
    }
    if (!set_peer(w->ssl, host) || SSL_set_fd(w->ssl, w->fd) != 1) {
        return fail_openssl(w, "TLS set-up");
    }
    SSL_set_connect_state(w->ssl);
    return WIRE_DONE;
}

/* What a call into OpenSSL that did not succeed means. */
static enum wire_result judge(struct wire *w, int code, const char *doing)
{
    int saved = errno;

    switch (SSL_get_error(w->ssl, code)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return WIRE_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return WIRE_END;
    case SSL_ERROR_SYSCALL:
        if (ERR_peek_error() == 0 && saved != 0) {
            (void)snprintf(w->problem, sizeof(w->problem), "%.100s: %s", doing, strerror(saved));
            return WIRE_FAILED;
        }
        break;
    default:
        break;
    }
    /* A peer that just closes the connection, as most do. */
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING &&
        SSL_is_init_finished(w->ssl)) {
        ERR_clear_error();
        return WIRE_END;
    }
    return fail_openssl(w, doing);
}

enum wire_result wire_handshake(struct wire *w)
{
    long verdict;
    int code;

    if (w->ssl == NULL) {
        return WIRE_DONE;
    }
    ERR_clear_error();
    errno = 0;
    code = SSL_do_handshake(w->ssl);
    w->read_wants_out = code != 1 && SSL_want_write(w->ssl);
    if (code == 1) {
        return WIRE_DONE;
    }
    verdict = SSL_get_verify_result(w->ssl);
    if (verdict != X509_V_OK) {
        (void)snprintf(w->problem, sizeof(w->problem), "the server's certificate: %s",
                       X509_verify_cert_error_string(verdict));
        ERR_clear_error();
        return WIRE_FAILED;
    }
    return judge(w, code, "TLS handshake");
}

/* A server that leaves Nagle's algorithm on (Prosody does) keeps its next small write until the last one is acknowledged. An
 * acknowledgement that waits for company would make every second stanza 40 ms late; the kernel forgets the wish, so it is said
 * again at each read. */
static void acknowledge(int fd)
{
#ifdef TCP_QUICKACK
    const int on = 1;

    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#else
    (void)fd;
#endif
}

static enum wire_result read_clear(struct wire *w, char *buf, size_t cap, size_t *n)
{
    ssize_t got = recv(w->fd, buf, cap, 0);

    if (got > 0) {
        acknowledge(w->fd);
        *n = (size_t)got;
        return WIRE_DONE;
    }
    if (got == 0) {
        return WIRE_END;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
        return WIRE_WAIT;
    }
    return fail_errno(w, errno);
}

/* A record at a time is what OpenSSL gives; a turn of the loop is cheaper with several. */
static enum wire_result read_tls(struct wire *w, char *buf, size_t cap, size_t *n)
{
    enum wire_result result = WIRE_DONE;
    size_t got;
    int code;

    if (w->later != WIRE_DONE) {
        return w->later;
    }
    w->read_wants_out = false;
    w->write_wants_in = false; /* what came may be what it waited for */
    while (*n < cap) {
        ERR_clear_error();
        errno = 0;
        code = SSL_read_ex(w->ssl, buf + *n, cap - *n, &got);
        if (code != 1) {
            w->read_wants_out = SSL_want_write(w->ssl);
            result = judge(w, code, "TLS read");
            break;
        }
        *n += got;
    }
    if (*n > 0 && (result == WIRE_END || result == WIRE_FAILED)) {
        w->later = result;
    }
    return *n > 0 ? WIRE_DONE : result;
}

enum wire_result wire_read(struct wire *w, char *buf, size_t cap, size_t *n)
{
    *n = 0;
    return w->ssl == NULL ? read_clear(w, buf, cap, n) : read_tls(w, buf, cap, n);
}

size_t wire_pending(const struct wire *w)
{
    int n = w->ssl == NULL ? 0 : SSL_pending(w->ssl);

    return n > 0 ? (size_t)n : w->later != WIRE_DONE;
}

enum wire_result wire_write(struct wire *w, const char *data, size_t len, size_t *n)
{
    ssize_t sent;
    int code;

    *n = 0;
    if (w->ssl != NULL) {
        ERR_clear_error();
        errno = 0;
        code = SSL_write_ex(w->ssl, data, len < TLS_WRITE_MAX ? len : TLS_WRITE_MAX, n);
        w->write_wants_in = code != 1 && SSL_want_read(w->ssl);
        return code == 1 ? WIRE_DONE : judge(w, code, "TLS write");
    }
    sent = send(w->fd, data, len, MSG_NOSIGNAL);
    if (sent > 0) {
        *n = (size_t)sent;
        return WIRE_DONE;
    }
    if (sent == 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
        return WIRE_WAIT;
    }
    return fail_errno(w, errno);
}

int wire_fd(const struct wire *w)
{
    return w->fd;
}

short wire_wants(const struct wire *w, bool output)
{
    bool out = w->read_wants_out || (output && !w->write_wants_in);

    return (short)(POLLIN | (out ? POLLOUT : 0));
}

bool wire_read_waits(const struct wire *w)
{
    return w->read_wants_out;
}

const char *wire_problem(const struct wire *w)
{
    return w->problem;
}

const char *wire_protection(const struct wire *w)
{
    return w->ssl == NULL ? "no" : SSL_get_version(w->ssl);
}
