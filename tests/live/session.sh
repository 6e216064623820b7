# SPDX-License-Identifier: LGPL-2.1-or-later
# A qemu:///session of its own in a folder: for the live tests and the demo.
#
# As root it is that of a plain user, for whom the program is copied where he can
# read it; else the caller's, with folders of its own all the same.
session_user=nobody

# session_make FOLDER PREFIX: FOLDER must not exist, and be short: sockets live in it.
session_make() {
    session_folder=$1
    session_prefix=$2
    mkdir -m 700 "$1" "$1/run" "$1/home"
    if [ "$(id -u)" = 0 ]; then
        chown -R "$session_user:$(id -g "$session_user")" "$1"
    fi
    if [ -d "$2" ] && ! in_session test -x "$2/bin/virt-porter"; then
        cp -r "$2" "$1/prefix"
        chmod -R a+rX "$1/prefix"
        session_prefix=$1/prefix
    fi
}

# in_session [VARIABLE=VALUE …] CMD …
in_session() {
    local drop=() home=$session_folder/home
    if [ "$(id -u)" = 0 ]; then
        drop=(setpriv "--reuid=$session_user" "--regid=$(id -g "$session_user")" --clear-groups)
    fi
    "${drop[@]}" env -i PATH="$session_prefix/bin:$PATH:/usr/sbin:/sbin" LC_ALL=C.UTF-8 \
        HOME="$home" XDG_RUNTIME_DIR="$session_folder/run" XDG_CACHE_HOME="$home/cache" \
        XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state" \
        LIBVIRT_DEFAULT_URI=qemu:///session VP_PREFIX="$session_prefix" \
        LD_LIBRARY_PATH="$session_prefix/lib" "$@"
}

# Ends what the session started, guests first, each by its process id.
session_stop() {
    local pid_file
    for pid_file in "$session_folder"/run/libvirt/qemu/run/*.pid "$session_folder"/run/libvirt/*.pid; do
        if [ -s "$pid_file" ]; then
            kill "$(cat "$pid_file" 2> /dev/null)" 2> /dev/null || true
        fi
    done
}
