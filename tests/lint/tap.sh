# SPDX-License-Identifier: MIT
# For the lint checks: TAP in shell. A check is a function that prints what is wrong and says nothing if all is well.
: "${top_srcdir:=.}"
: "${AWK:=awk}"
tap_n=0
tap_failed=0
tap_tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tap_tmp"' EXIT

tap_result() { # STATUS NAME
    tap_n=$((tap_n + 1))
    if [ "$1" -eq 0 ]; then
        printf "ok %d - %s\n" $tap_n "$2"
    else
        tap_failed=1
        printf "not ok %d - %s\n" $tap_n "$2"
    fi
}

tap_silent() { # NAME COMMAND...: passes if the command succeeds and prints nothing
    tap_name=$1
    shift
    "$@" >"$tap_tmp/out" 2>&1
    tap_rc=$?
    [ $tap_rc -eq 0 ] && [ ! -s "$tap_tmp/out" ]
    tap_result $? "$tap_name"
    head -n 50 "$tap_tmp/out" | sed 's/^/# /'
}

tap_seen() { # NAME PATTERN COMMAND...: passes if the command finds fault with a planted violation, in these words
    tap_name=$1
    tap_pattern=$2
    shift 2
    "$@" >"$tap_tmp/out" 2>&1
    grep -Eq "$tap_pattern" "$tap_tmp/out"
    tap_rc=$?
    tap_result $tap_rc "$tap_name"
    [ $tap_rc -eq 0 ] || sed 's/^/# /' "$tap_tmp/out"
}

tap_done() {
    echo "1..$tap_n"
    exit $tap_failed
}

# The tree's own C files, sorted, relative to the folder $1.
c_files() {
    (cd "$1" && find base conf db handlers bridge po tests -name '*.[ch]' ! -path po/catalog.c 2>/dev/null | LC_ALL=C sort)
}
