#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system session
# A tool that answers no more, as on a file system that stalls: Ctrl-C ends what waits for it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" out
make_disk "$g/vda.qcow2" qcow2 128M 100
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)"
must vp export "$g" g.vpkg

# stalls WHAT ARGUMENT …: virt-porter, the tool of which is stopped, is interrupted.
stalls() {
    local what=$1 pid tool
    shift
    (
        exec env --default-signal=INT "$VP_PREFIX/bin/virt-porter" "$@"
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until tool=$(pgrep -P "$pid" qemu-nbd) || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.002
    done
    kill -STOP $tool
    kill -INT "$pid"
    wait "$pid"
    is $? 130 "$what is ended by Ctrl-C"
    says "interrupted: nothing was left behind" "and says so"
    no_tools_left
}

# A tool that never ends, where it is run with what stands in the file "stalling".
mkdir -m 777 fake
for tool in qemu-nbd qemu-img; do
    cat > fake/$tool << END
#!/bin/bash
case "\$0 \$*" in *\$(cat '$T/stalling')*)
    (export LISTEN_PID=\$BASHPID; [ $tool = qemu-img ] || exec '$(type -P $tool)' "\$@")
    touch '$T/fake/stalls'
    exec sleep 1000 ;;
esac
exec '$(type -P $tool)' "\$@"
END
    chmod 755 fake/$tool
done

# never_ends WHAT PATTERN ARGUMENT …: as above, where a tool that is run like this does not end.
never_ends() {
    local what=$1 pid
    echo "$2" > stalling
    shift 2
    rm -f fake/stalls
    (
        exec env --default-signal=INT PATH="$T/fake:$PATH" "$VP_PREFIX/bin/virt-porter" "$@"
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until [ -e fake/stalls ] || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.005
    done
    kill -INT "$pid"
    wait "$pid"
    is $? 130 "$what is ended by Ctrl-C"
    is "$(sed -n 's/^virt-porter: .*interrupted: nothing was left behind//p' "$ERR")" "" "and no more"
    says "interrupted: nothing was left behind$" "is said"
}

must qemu-img create -q -f qcow2 odd.qcow2 1000000
define "$TEST-o" "$(disk vda "$T/odd.qcow2" qcow2)"
define "$TEST-t" "$(disk vda "$T/$g/vda.qcow2" qcow2)"
must virsh -q snapshot-create-as "$TEST-t" s
must vp export "$TEST-t" t.vpkg --all-snapshots
must cp -r g.vpkg i.vpkg
must chmod o+x i.vpkg i.vpkg/disks
before=$(host_state "$T" "$(images_folder)")
stalls "export" export "$g" h.vpkg
stalls "verify" verify g.vpkg
stalls "import" import g.vpkg --name "$TEST-new" --dir "$T/out"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
false_that "nothing was defined" defined "$TEST-new"
never_ends "a compressing export" qemu-nbd*compress export "$g" h.vpkg --compress
never_ends "making an image" qemu-img*create export "$g" h.vpkg --compress
never_ends "cutting an image" qemu-img*resize export "$TEST-o" h.vpkg --compress
never_ends "looking through a tree" qemu-img*check export "$TEST-t" h.vpkg --all-snapshots
never_ends "proving a tree" qemu-img*check import t.vpkg --name "$TEST-new" --dir "$T/out"
never_ends "proving what is taken" qemu-img*check \
    import i.vpkg --name "$TEST-new" --mode in-place --no-verify
rm fake/stalls stalling
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
no_tools_left
