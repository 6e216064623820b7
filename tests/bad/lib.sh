# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the scripts of bad packages share: TAP, good packages, ways to break them.
#
# A good package is a real export of a shut off domain of libvirt's test driver: no
# daemon is asked. The scripts are data: an attack each, what it does to a package as
# a here-document, what info, verify, import --dry-run and import must answer.
set -u
: "${VIRT_PORTER:?the program to attack}"
export G_SLICE=always-malloc LC_ALL=C.UTF-8
umask 077

T=$(mktemp -d "${TMPDIR:-/tmp}/vp-bad.XXXXXX")
trap '[ "$BASHPID" != $$ ] || rm -rf "$T"' EXIT
trap 'exit 143' TERM INT
mkdir "$T/tmp" "$T/good" "$T/secret"
export TMPDIR=$T/tmp
OUTSIDE=$T/secret/outside
echo "vp-secret of the host" > "$OUTSIDE"
LIMIT=240 # seconds: a hang, however busy the machine is
WORK=30   # seconds of processor time: too much work
claims=0

# In a build folder the program is a script of libtool's: the one behind it starts faster.
built=$(dirname "$VIRT_PORTER")
if [ -x "$built/.libs/virt-porter" ]; then
    export LD_LIBRARY_PATH=$built/plugin/.libs
    VIRT_PORTER=$built/.libs/virt-porter
fi

# Memory is bounded; ASan cannot live with the system's bound, and has one of its own.
if (ulimit -S -v 2097152 && "$VIRT_PORTER" --version) > "$T/log" 2>&1; then
    ulimit -S -v 2097152
else
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}max_allocation_size_mb=2048:hard_rss_limit_mb=2048
    export ASAN_OPTIONS
fi

ok() {
    claims=$((claims + 1))
    echo "ok $claims - $1"
}

not_ok() {
    claims=$((claims + 1))
    echo "not ok $claims - $1"
    sed 's/^/# /'
}

done_testing() {
    echo "1..$claims"
}

# ---- good packages ----

# write_domain NAME DISK-XML [OS-XML]: a node of the test driver with one domain, shut off.
write_domain() {
    cat > "$T/node.xml" << END
<node>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>$1</name>
    <uuid>0ba0ba00-1111-4222-8333-444444444444</uuid>
    <memory>8192</memory>
    <os><type>hvm</type>${3:-}</os>
    <devices>$2</devices>
    <test:runstate>5</test:runstate>
  </domain>
</node>
END
}

disk() {
    echo "<disk type='file' device='disk'><driver name='qemu' type='$3'/>" \
        "<source file='$2'/><target dev='$1' bus='virtio'/></disk>"
}

# export_good NAME ARG…: what the node holds becomes the good package NAME.
export_good() {
    local name=$1
    shift
    if ! "$VIRT_PORTER" -q -c "test://$T/node.xml" export m "$T/good/$name" "$@" 2> "$T/log"; then
        echo "Bail out! no good package $name: $(head -1 "$T/log")"
        exit 1
    fi
}

# 4 MiB with 192 KiB of data, as the kinds of packages there are.
make_good() {
    truncate -s 4M "$T/disk.raw"
    printf 'guest data %.0s' {1..12000} | dd of="$T/disk.raw" bs=64K seek=3 conv=notrunc status=none
    head -c 8192 "$T/disk.raw" | tr '\0' 'v' > "$T/vars.fd"
    write_domain m "$(disk vda "$T/disk.raw" raw)"
    export_good qcow2
    export_good raw --format raw
    export_good config --config-only
    write_domain m "$(disk vda "$T/disk.raw" raw)" \
        "<loader type='pflash' readonly='yes'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader><nvram>$T/vars.fd</nvram>"
    export_good nvram
    rm "$T/disk.raw"
}

# ---- ways to break a package; the current folder is the package ----

manifest() {
    sed -i -E "$@" package.xml
}

# seal MEMBER: the manifest says what MEMBER now is, but for its content digest.
seal() {
    local size
    size=$(stat -c %s "$1")
    case $1 in
        disks/*) manifest "s|(member=\"$1\".* file-size=)\"[0-9]+\"|\1\"$size\"|" ;;
        *) manifest "s|member=\"$1\".*/>|member=\"$1\" size=\"$size\" sha256=\"$(digest "$1")\"/>|" ;;
    esac
}

# member ELEMENT MEMBER: the line of a manifest that lists it.
member() {
    echo "<$1 member=\"$2\" size=\"$(stat -c %s "$2")\" sha256=\"$(digest "$2")\"/>"
}

digest() {
    sha256sum "$1" | cut -d' ' -f1
}

# domain SED-ARG…: edits domain.xml and seals it.
domain() {
    sed -i -E "$@" domain.xml
    seal domain.xml
}

# put FILE OFFSET HEX: writes bytes there.
put() {
    printf "$(sed 's/../\\x&/g' <<< "$3")" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

flip() {
    local byte
    byte=$(od -An -tu1 -j $(($2)) -N1 "$1")
    put "$1" "$2" "$(printf %02x $((byte ^ 16)))"
}

# be64 FILE OFFSET, be32 FILE OFFSET: the number there.
be64() {
    echo $((0x$(od -An -tx1 -j $(($2)) -N8 "$1" | tr -d ' ')))
}

hex32() {
    printf %08x "$1"
}

hex64() {
    printf %016x "$1"
}

repeat() {
    head -c "$2" /dev/zero | sed "s|\x00|$1|g"
}

# ---- an attack ----

# All of a package but what a reader may change: times of access.
fingerprint() {
    find "$T/p.vpkg" -printf '%P %y %m %s %T@ %C@ %l\n'
}

# ask WHAT COMMAND ARG…: runs in the background; $T/WHAT.{out,err,status} hold the answer.
# Under ASan the look for leaks at the end is a third of a refusal's work: each import has
# it, which opens a package as all of them do; the others in every fourth attack.
ask() {
    local what=$1
    shift
    if [ "$what" != 1-import ] && [ $((claims % 4)) != 0 ]; then
        local -x ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
    fi
    (ulimit -S -t "$WORK" && exec timeout -k 5 "$LIMIT" "$VIRT_PORTER" -c test:///default "$@") \
        > "$T/$what.out" 2> "$T/$what.err" < /dev/null
    echo $? > "$T/$what.status"
}

import() {
    ask "$1" import "$T/p.vpkg" --dir "$T/host/$1" --xml ./@type=test "${@:2}"
}

left_behind() {
    find "$T/host" "$T/tmp" -mindepth 1 ! -path "$T/host/1-import" ! -path "$T/host/3-dry-run"
}

# attack NAME GOOD STATUSES WORD [IMPORT-OPTION…] < WHAT-IT-DOES: the copy of the good
# package, broken, is answered with STATUSES by info, import, verify and import
# --dry-run; one of them says WORD; nothing is left, the package is as it was. Fewer
# STATUSES, fewer are asked: what a manifest is refused for is the same for all four, and
# a dry run opens a package as an import does.
attack() {
    local name=$1 good=$2 statuses=$3 word=$4 before
    shift 4
    rm -rf "$T/host" "$T/p.vpkg" "$T"/*.{status,out,err}
    mkdir -p "$T/host/1-import" "$T/host/3-dry-run"
    cp -a "$T/good/$good" "$T/p.vpkg"
    cd "$T/p.vpkg" && eval "$(cat)" && cd "$T" || return
    before=$(fingerprint)
    ask 0-info info "$T/p.vpkg" &
    import 1-import "$@" &
    [ ${#statuses} -lt 3 ] || ask 2-verify verify "$T/p.vpkg" &
    [ ${#statuses} -lt 4 ] || import 3-dry-run --dry-run "$@" &
    wait
    judge "$name" "$statuses" "$word" "$before"
}

# What is wrong with the answers, in $fault.
find_fault() {
    local got said answers file
    for file in "$T"/*.status; do
        got+=$(< "$file")
    done
    said=$(cat "$T"/*.err)
    answers=$said$(cat "$T"/*.out)
    fault=
    if [ "$got" != "$1" ]; then
        fault="exit statuses $got, not $1"
    elif [[ $said != *"$2"* ]]; then
        fault="nobody said: $2"
    elif [[ $1 != ?0* ]] && [ -n "$(left_behind)" ]; then
        fault="left behind: $(left_behind)"
    elif [[ $answers =~ vp-secret|Sanitizer|runtime\ error|CRITICAL|root:x: ]]; then
        fault="something came out that must not"
    elif [[ ${answers//[$'\n\t']/} == *[[:cntrl:]]* ]]; then
        fault="a control character came out"
    elif [ "$(fingerprint)" != "$3" ]; then
        fault="the package was changed"
    fi
}

judge() {
    local fault
    find_fault "${@:2}"
    if [ -z "$fault" ]; then
        ok "$1"
    else
        not_ok "$1" <<< "$fault
$(head -c 1000 "$T"/*.err)"
    fi
}

make_good
