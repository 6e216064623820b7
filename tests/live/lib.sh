# SPDX-License-Identifier: LGPL-2.1-or-later
# What the live tests share: TAP, guests, virt-porter. Run by tests/live/run only.
#
#   $T        a folder of this script, under $D: reachable for QEMU's user
#   $WORLD    session or system: where this script runs now
#   $STATUS, $OUT, $ERR   of the last command run by try, succeeds or fails
#   ${F[x]}   what the guest said last: tick, vda, vdb, rand, uuid, mac
set -u
: "${VP_PLACE:?run by tests/live/run}"
WORLD=$VP_WORLD
TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TEST=$(basename "$0" .sh)
. "$TESTS/live/system.sh"
T=$VP_PLACE/$TEST
OUT=$T/.out
ERR=$T/.err
STATUS=0
declare -A F
claims=0
mkdir -m 755 "$T"
cd "$T" || exit 1
trap finish EXIT
trap 'exit 143' TERM

cleanups=()

# at_exit CMD …: after the script's domains are gone, last given first.
at_exit() {
    cleanups=("${*@Q}" "${cleanups[@]}")
}

# In one virsh, which goes on where a command fails: most domains do not run.
end_domains() {
    local name commands=
    for name in $(virsh -q list --name --all 2> /dev/null | grep "^$TEST"); do
        commands+="destroy '$name'; undefine --nvram --managed-save --snapshots-metadata '$name'; "
    done
    if [ -n "$commands" ]; then
        virsh -q "$commands" > /dev/null 2>&1
    fi
}

finish() {
    local status=$?
    end_domains
    for command in "${cleanups[@]}"; do
        eval "$command" > /dev/null 2>&1
    done
    cd /
    rm -rf "$T"
    if [ "$status" != 0 ] && [ "$status" != 99 ]; then
        not_ok "the script runs to its end (left with $status)"
    fi
    if [ "$claims" -gt 0 ]; then
        echo "1..$claims"
    fi
}

# ---- claims ----

ok() {
    claims=$((claims + 1))
    echo "ok $claims - $1"
}

not_ok() {
    claims=$((claims + 1))
    echo "not ok $claims - $1"
}

diag() {
    sed 's/^/# /'
}

diag_last() {
    echo "exit status $STATUS; stdout, stderr:" | diag
    head -c 4000 "$OUT" | diag
    head -c 4000 "$ERR" | diag
}

# try CMD …: runs it, output to $OUT and $ERR.
try() {
    "$@" > "$OUT" 2> "$ERR" < /dev/null
    STATUS=$?
}

# succeeds WHAT CMD …
succeeds() {
    fails 0 "$@"
}

# fails STATUS WHAT CMD …
fails() {
    local want=$1 what=$2
    shift 2
    try "$@"
    if [ "$STATUS" = "$want" ]; then
        ok "$what"
    else
        not_ok "$what"
        echo "wanted exit status $want of: $*" | diag
        diag_last
    fi
}

# says PATTERN WHAT: the last command's stdout or stderr has it.
says() {
    if cat "$OUT" "$ERR" | grep -qE -e "$1"; then
        ok "$2"
    else
        not_ok "$2"
        echo "looked for: $1" | diag
        diag_last
    fi
}

# is GOT WANTED WHAT
is() {
    if [ "$1" = "$2" ]; then
        ok "$3"
    else
        not_ok "$3"
        printf 'got:    %s\nwanted: %s\n' "$1" "$2" | diag
    fi
}

isnt() {
    if [ "$1" != "$2" ]; then
        ok "$3"
    else
        not_ok "$3"
        printf 'got what must differ: %s\n' "$1" | diag
    fi
}

# true_that WHAT CMD …: the command says yes. $OUT and $ERR stay those of the command before.
true_that() {
    local what=$1
    shift
    if "$@" > "$T/.said" 2>&1 < /dev/null; then
        ok "$what"
    else
        not_ok "$what"
        echo "said no: $*" | diag
        diag < "$T/.said"
    fi
}

false_that() {
    local what=$1
    shift
    if ! "$@" > "$T/.said" 2>&1 < /dev/null; then
        ok "$what"
    else
        not_ok "$what"
        echo "said yes: $*" | diag
    fi
}

# must CMD …: a step of the set-up; without it the script makes no sense.
must() {
    if ! "$@" > "$T/.said" 2>&1; then
        not_ok "set-up: $*"
        diag < "$T/.said"
        exit 99
    fi
}

skip_all() {
    echo "1..0 # SKIP $1"
    claims=0
    exit 0
}

# ---- virt-porter, virsh ----

vp() {
    "$VP_PREFIX/bin/virt-porter" "$@"
}

# The same as a user who is nobody in particular, with a copy that he can read (system only).
vp_as_plain_user() {
    setpriv "--reuid=$VP_PLAIN_USER" "--regid=$(id -g "$VP_PLAIN_USER")" --clear-groups \
        env HOME="$T" XDG_RUNTIME_DIR="$T" LD_LIBRARY_PATH="$VP_PLAIN_PREFIX/lib" \
        "$VP_PLAIN_PREFIX/bin/virt-porter" "$@"
}

v() {
    virsh -q "$@"
}

# xml NAME XPATH: of a domain's inactive definition.
xml() {
    v dumpxml --inactive --security-info "$1" | xmllint --xpath "string($2)" -
}

defined() {
    v dominfo "$1"
}

# All that a folder holds: names, modes, sizes, owners, contents.
tree_digest() {
    (cd "$1" && find . -printf '%P %m %u %y %s\n' | LC_ALL=C sort && find . -type f -print0 |
        LC_ALL=C sort -z | xargs -0r sha256sum) | sha256sum
}

# What an operation that changed nothing leaves the same.
host_state() {
    v list --all --name | grep "^$TEST" | sort
    v net-list --all --name
    find "$@" -name '.out' -o -name '.err' -o -name '.said' -o -print 2> /dev/null | LC_ALL=C sort
    find "$(swtpm_folder)" "$(nvram_folder)" 2> /dev/null | grep -v '^/proc' | LC_ALL=C sort
}

# ---- guests ----

images_folder() {
    case $WORLD in
        session) echo "$XDG_DATA_HOME/libvirt/images" ;;
        system) echo /var/lib/libvirt/images ;;
    esac
}

# nvram_of NAME: the file of its UEFI variables.
nvram_of() {
    local given
    given=$(xml "$1" //os/nvram)
    echo "${given:-$(nvram_folder)/$1_VARS.fd}"
}

swtpm_folder() {
    case $WORLD in
        session) echo "$XDG_CONFIG_HOME/libvirt/qemu/swtpm" ;;
        system) echo /var/lib/libvirt/swtpm ;;
    esac
}

nvram_folder() {
    case $WORLD in
        session) echo "$XDG_CONFIG_HOME/libvirt/qemu/nvram" ;;
        system) echo /var/lib/libvirt/qemu/nvram ;;
    esac
}

make_disk() {
    must "$TESTS/guest/make-disk.sh" "$@"
}

# pattern_is BYTE IMAGE: that is what stands at 2 MiB.
pattern_is() {
    ! qemu-io -r -f qcow2 -c "read -P $1 2M 64k" "$2" | grep 'verification failed'
}

count() {
    "$TESTS/guest/count.sh" "$@"
}

# disk TARGET PATH FORMAT [ELEMENTS]: its XML. The BIOS knows disks with a boot order only.
disk() {
    echo "<disk type='file' device='disk'><driver name='qemu' type='$3'/><source file='$2'/>" \
        "<target dev='$1' bus='$(bus_of "$1")'/>$(boot_order "$1")${4:-}</disk>"
}

boot_order() {
    case $1 in
        vda) echo "<boot order='1'/>" ;;
        vdb) echo "<boot order='2'/>" ;;
    esac
}

bus_of() {
    case $1 in
        vd*) echo virtio ;;
        hd*) echo ide ;;
        sd*) echo scsi ;;
        fd*) echo fdc ;;
    esac
}

# nic KIND [SOURCE [MAC]]: nic user, nic network lan, nic bridge br-test 52:54:00:…
nic() {
    local source=
    if [ -n "${2:-}" ]; then
        source="<source $1='$2'/>"
    fi
    echo "<interface type='$1'>${3:+<mac address='$3'/>}$source<model type='rtl8139'/></interface>"
}

default_nic() {
    case $WORLD in
        session) nic user ;;
        system) nic network lan ;;
    esac
}

# domain_xml NAME DEVICES [ELEMENTS]: a definition; the serial port is a pty, which asks no power.
domain_xml() {
    cat <<END
<domain type='qemu'>
  <name>$1</name>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  ${3:-}
  <devices>
    $2
    <serial type='pty'/>
  </devices>
</domain>
END
}

# define NAME DEVICES [ELEMENTS]
define() {
    domain_xml "$@" > "$T/.domain.xml"
    must virsh -q define "$T/.domain.xml"
}

# make_guest NAME: a domain with one disk, $T/NAME/vda.qcow2, and one NIC.
make_guest() {
    mkdir -p "$T/$1"
    make_disk "$T/$1/vda.qcow2" qcow2 16M
    define "$1" "$(disk vda "$T/$1/vda.qcow2" qcow2)$(default_nic)"
}

# two_disks NAME [DRIVER-ATTRIBUTES [ELEMENTS]]: a domain with vda.qcow2 and vdb.qcow2 in $T/NAME.
two_disks() {
    mkdir -p "$T/$1"
    make_disk "$T/$1/vda.qcow2" qcow2 16M
    make_disk "$T/$1/vdb.qcow2" qcow2 16M
    define "$1" "$({ disk vda "$T/$1/vda.qcow2" qcow2; disk vdb "$T/$1/vdb.qcow2" qcow2; } |
        sed "s|<driver |&${2:-} |")$(default_nic)" "${3:-}"
}

# listen NAME [COUNT]: fills F with what the running guest says, once its vda has reached COUNT.
listen() {
    local words word
    words=$("$TESTS/guest/listen.sh" "$@") || return
    F=()
    for word in $words; do
        F[${word%%=*}]=${word#*=}
    done
}

# efi_guest NAME: a domain with UEFI and a TPM that was there before, so that both have a state; it
# need not run for that: started paused, it changes neither.
efi_guest() {
    mkdir -p "$T/$1"
    must qemu-img create -q -f qcow2 "$T/$1/vda.qcow2" 1M
    cat > "$T/.domain.xml" <<END
<domain type='qemu'>
  <name>$1</name>
  <memory unit='MiB'>64</memory>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><smm state='on'/></features>
  <devices>
    $(disk vda "$T/$1/vda.qcow2" qcow2)
    <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
  </devices>
</domain>
END
    must virsh -q define "$T/.domain.xml"
    must virsh -q start --paused "$1"
    must virsh -q destroy "$1"
}

# mark_nvram NAME TEXT: where the firmware itself does not write.
mark_nvram() {
    printf %-16s "$2" | must dd of="$(nvram_of "$1")" bs=16 seek=30000 conv=notrunc
}

# nvram_mark FILE
nvram_mark() {
    dd if="$1" bs=16 skip=30000 count=1 status=none | tr -d ' \0'
}

# tpm_of NAME: the file that holds its TPM's state.
tpm_of() {
    echo "$(swtpm_folder)/$(v domuuid "$1")/tpm2/tpm2-00.permall"
}

# state_is PACKAGE MARK FILE: what lies in it beside disks and RAM.
state_is() {
    is "$(nvram_mark "$1/nvram.fd")" "$2" "$1: the UEFI variables of $2"
    true_that "$1: and the TPM's state" cmp "$3" "$1/tpm/tpm2/tpm2-00.permall"
}

# labelled PACKAGE: how many of the two the manifest says to be of another time.
labelled() {
    xmllint --xpath 'count(//left-out/resource[@name="nvram" or @name="tpm"])' "$1/package.xml"
}

# state_changes NAME: its state of now is another one, "now" and now.tpm.
state_changes() {
    efi_guest "$1-other"
    mark_nvram "$1" now
    cp "$(tpm_of "$1-other")" now.tpm
    must cp now.tpm "$(tpm_of "$1")"
}

# same_tpm FILE FILE: both are states of one TPM, whose seeds are its own; it writes a few bytes of
# its clock and counters anew.
same_tpm() {
    local unlike
    unlike=$(cmp -l "$1" "$2" | wc -l)
    echo "$unlike bytes differ"
    [ "$unlike" -lt 100 ]
}

# run_until NAME [COUNT]: boots it, waits for the count, ends it; F holds its last words.
run_until() {
    must virsh -q start "$1"
    must_listen "$@"
    must virsh -q destroy "$1"
}

must_listen() {
    if ! listen "$@"; then
        not_ok "$1 boots and reaches ${2:-its first line}"
        v dominfo "$1" 2>&1 | diag
        exit 99
    fi
}

# ---- big copies, interrupted ----

# big_guest NAME [DEVICES [DRIVER-ATTRIBUTES [ELEMENTS]]]: 400 MiB of random data on
# $T/NAME/vda.raw: a copy takes a while.
big_guest() {
    mkdir -p "$T/$1"
    make_disk "$T/$1/vda.raw" raw 404M
    must random_data 400 "$T/$1/vda.raw"
    define "$1" "$(disk vda "$T/$1/vda.raw" raw | sed "s|<driver |&${3:-} |")${2:-}" "${4:-}"
}

# Much faster than /dev/urandom, and no easier to compress.
random_data() {
    openssl enc -aes-128-ctr -pass pass:x -nosalt -in /dev/zero 2> /dev/null | head -c "$1M" |
        dd of="$2" bs=1M seek=1 conv=notrunc iflag=fullblock status=none
}

# interrupt SIGNAL FOLDER CMD …: runs it, sends the signal once a file in FOLDER has grown.
interrupt() {
    local signal=$1 folder=$2 pid
    shift 2
    mkdir -p "$folder"
    shift   # vp: the signal must reach the program itself
    (
        trap - INT
        exec env --default-signal=INT,TERM,HUP "$VP_PREFIX/bin/virt-porter" "$@"
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until find "$folder" -type f -size +4M 2> /dev/null | grep -q . || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.005
    done
    kill -s "$signal" "$pid" 2> /dev/null
    wait "$pid"
    STATUS=$?
}

# when_grown FOLDER CMD … -- vp …: runs the latter, and CMD once a file in FOLDER, or in the folder
# of scratch files with "scratch", has grown; PID in it is the program's.
when_grown() {
    local where=$1 act=() pid
    shift
    while [ "$1" != -- ]; do
        act+=("$1")
        shift
    done
    shift 2
    (
        trap - INT
        exec env --default-signal=INT,TERM,HUP "$VP_PREFIX/bin/virt-porter" "$@"
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until has_grown "$where" || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.005
    done
    "${act[@]/PID/$pid}" > /dev/null 2>&1
    wait "$pid"
    STATUS=$?
}

has_grown() {
    case $1 in
        scratch) find "$T"/*/.vp-scratch* -type f -size +0 2> /dev/null | grep -q . ;;
        *) find "$1" -type f -size +4M 2> /dev/null | grep -q . ;;
    esac
}

wait_gone() {
    while kill -0 "$1" 2> /dev/null; do
        sleep 0.05
    done
}

# No process has a file of this script open any more.
no_tools_left() {
    local left
    left=$(find /proc/[0-9]*/fd -lname "$T/*" -printf '%h %l\n' 2> /dev/null)
    is "$left" "" "no process still has a file open"
}

# Of a running domain that was exported: no job, and none of our files where they go.
no_job_left() {
    is "$(v domjobinfo "$1" | xargs)" "Job type: None" "no job is left"
    no_scratch_left
}

scratch_files() {
    find "$T" "$(images_folder)" "$(nvram_folder)/.." \( -name '.vp-scratch*' -o -name vp.sock \) 2> /dev/null
}

no_scratch_left() {
    is "$(scratch_files)" "" "no socket and no scratch file is left"
}

# find_same NAME FOLDER FOLDER: both hold a file of that name with the same bytes.
find_same() {
    cmp "$(find "$2" -name "$1")" "$(find "$3" -name "$1")"
}

# ---- RAM ----

# ram_guest NAME: a running domain of two disks with a snapshot "s" of its RAM; $rand, $uuid,
# $moment (its tick before) and $moment_vda are what it said then.
ram_guest() {
    two_disks "$1"
    must virsh -q start "$1"
    must_listen "$1" 12
    rand=${F[rand]} uuid=${F[uuid]} moment=${F[tick]} moment_vda=${F[vda]}
    must virsh -q snapshot-create-as "$1" s
    must_listen "$1" $((F[vda] + 5))
}

# resumed_at TICK: the guest that spoke last goes on from there.
resumed_at() {
    is "${F[rand]}" "$rand" "the same random number"
    true_that "and a later tick" test "${F[tick]:-0}" -gt "$1"
}

# image_of NAME TARGET: its path.
image_of() {
    xml "$1" "//disk[target/@dev='$2']/source/@file"
}

# Save images of ours that were not removed.
ram_files() {
    find "$T" "$(images_folder)" -name '.*.ram.vp-*' 2> /dev/null
}

# rewrite PACKAGE MEMBER: its size and digest in the manifest become those of what it is now.
rewrite() {
    local size digest
    size=$(stat -c %s "$1/$2") digest=$(sha256sum < "$1/$2")
    sed -i "s|member=\"$2\" size=\"[0-9]*\" sha256=\"[0-9a-f]*\"|member=\"$2\" size=\"$size\" sha256=\"${digest%% *}\"|" \
        "$1/package.xml"
}
