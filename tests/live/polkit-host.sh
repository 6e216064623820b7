# SPDX-License-Identifier: LGPL-2.1-or-later
# A host where a real polkitd decides who may do what with libvirt, and a domain with grants:
# sourced in the place of lib.sh. Users: viewer, operator (by the group "vp ops"), manager, stranger.
#
#   $D, $uuid, $rule   the domain, its UUID, the file of its grants
. "$(dirname "${BASH_SOURCE[0]}")/own-host.sh"

keep_own /etc/polkit-1
keep_own /etc/passwd
keep_own /etc/group
for user in 4001:viewer 4002:operator 4003:manager 4004:stranger; do
    echo "${user#*:}:x:${user%:*}:4000::/:/bin/sh" >> /etc/passwd
done
printf '%s\n' 'vpusers:x:4000:' 'vp ops:x:4005:operator' >> /etc/group
# By libvirt's own policy everybody sees every domain; this site has it otherwise.
echo 'polkit.addRule(function (action, subject) {
    if (action.id.indexOf("org.libvirt.api.") == 0) return polkit.Result.NO;
});' > /etc/polkit-1/rules.d/90-site.rules
own_libvirtd '' 'access_drivers = [ "polkit" ]'
must mkdir /run/dbus
must dbus-daemon --system --fork
/usr/lib/polkit-1/polkitd --no-debug > "$T/.polkitd" 2>&1 &
must wait_for pkcheck --action-id org.freedesktop.policykit.exec --process $$
start_own_libvirtd

# as USER CMD …
as() {
    local user=$1
    shift
    setpriv --reuid="$user" --regid=vpusers --init-groups env HOME=/nonexistent "$@"
}

mkdir -m 755 disks
make_disk "$T/disks/vda.qcow2" qcow2 16M
define "$TEST-g" "$(disk vda "$T/disks/vda.qcow2" qcow2)<video><model type='vga'/></video>
    <graphics type='vnc' listen='127.0.0.1' passwd='secret'/><input type='keyboard' bus='ps2'/>"
must vp export --secrets "$TEST-g" g.vpkg
D=$TEST-new
succeeds "import with grants" vp --json import g.vpkg --name "$D" --dir "$T/disks" \
    --grant viewer=view --grant viewer=manage --grant '@vp ops=operate' --grant manager=manage \
    --grant viewer=view
uuid=$(v domuuid "$D" | head -n 1)
rule=/etc/polkit-1/rules.d/70-virt-porter-$uuid.rules
