# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of this folder share: TAP, and a folder $T that goes at the end.
set -u
: "${VP_SRCDIR:?run by make check}" "${VP_BUILDDIR:?run by make check}" "${VIRT_PORTER:?run by make check}"
export LC_ALL=C.UTF-8
# In a build folder the program is a script of libtool's: the one behind it starts faster.
built=$(dirname "$VIRT_PORTER")
if [ -x "$built/.libs/virt-porter" ]; then
    export LD_LIBRARY_PATH=$built/plugin/.libs
    VIRT_PORTER=$built/.libs/virt-porter
fi
T=$(mktemp -d "${TMPDIR:-/tmp}/vp-meta-XXXXXX")
trap 'rm -rf "$T"' EXIT
claims=0

ok() {
    claims=$((claims + 1))
    echo "ok $claims - $1"
}

# not_ok WHAT [LINE …]: the lines say why.
not_ok() {
    claims=$((claims + 1))
    echo "not ok $claims - $1"
    shift
    if [ $# -gt 0 ]; then
        printf '%s\n' "$@" | sed 's/^/# /'
    fi
}

skip() {
    claims=$((claims + 1))
    echo "ok $claims - $1 # SKIP $2"
}

# none WHAT LINES: nothing was found that speaks against it.
none() {
    if [ -z "$2" ]; then
        ok "$1"
    else
        not_ok "$1" "$2"
    fi
}

# is WHAT GOT WANTED
is() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "got:    $2" "wanted: $3"
    fi
}

# exits STATUS WHAT CMD …: stdout to $T/out, stderr to $T/err.
exits() {
    local wanted=$1 what=$2 status
    shift 2
    "$@" > "$T/out" 2> "$T/err" < /dev/null
    status=$?
    if [ "$status" = "$wanted" ]; then
        ok "$what"
    else
        not_ok "$what" "exit status $status, wanted $wanted, of: $*" "$(head -c 2000 "$T/err")"
    fi
}

finish() {
    echo "1..$claims"
}
