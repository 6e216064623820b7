#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is installed: the library exports what its one header declares, and a program
# outside of the tree is built with the header and the .pc file alone.
. "$(dirname "$0")/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
make=${MAKE:-make}
setting() {
    sed -n "s/^$1 = //p" "$VP_BUILDDIR/Makefile"
}
prefix=$(setting prefix)
sanitize=$(setting SANITIZE_CFLAGS)
D=$T/root

exits 0 "make install into a DESTDIR" "$make" -C "$VP_BUILDDIR" install DESTDIR="$D"
none "nothing is installed outside of the prefix" \
    "$(find "$D" ! -type d ! -path "$D$prefix/*")"
header=$(find "$D" -name virt-porter.h)
library=$(find "$D" -name 'libvirt-porter.so')
pc=$(find "$D" -name virt-porter.pc)
is "one header" "$(find "$D" -name '*.h' | wc -l)" 1
for name in bin/virt-porter package.rng completions/virt-porter; do
    [ -f "$(find "$D" -path "*/$name")" ] && ok "$name" || not_ok "$name"
done
for page in man1/virt-porter.1 man5/virt-porter-package.5; do
    file=$(find "$D" -path "*/$page")
    if [ -z "$file" ] && [ -z "$(setting RST2MAN)" ]; then
        skip "$page" "no rst2man when configured"
    elif [ -f "$file" ] && ! grep -q '@VERSION''@\|System Message' "$file"; then
        ok "$page"
    else
        not_ok "$page"
    fi
done

nm -D --defined-only "$library" | awk '$2 ~ /[TDBRVW]/ { print $3 }' | sed 's/@.*//' | sort > "$T/exported"
sed 's,/\*.*\*/,,; /^ \*/d' "$header" | grep -oE '\<vp_[a-z0-9_]+\(' | tr -d '(' | sort -u > "$T/declared"
none "all that the header declares is exported" "$(comm -13 "$T/exported" "$T/declared")"
none "all that is exported is declared in the header" "$(comm -23 "$T/exported" "$T/declared")"
none "the header includes only what the .pc file requires" \
    "$(grep '#include' "$header" | grep -v '<gio/gio.h>')"

# As if the DESTDIR were the machine.
mkdir "$T/pc"
sed "s,^prefix=,prefix=$D," "$pc" > "$T/pc/virt-porter.pc"
export PKG_CONFIG_PATH=$T/pc
pkg_config=${PKG_CONFIG:-pkg-config}
exits 0 "the .pc file is valid" "$pkg_config" --validate virt-porter
is "its version" "$("$pkg_config" --modversion virt-porter)" "$(setting VERSION)"
is "its include folder has the header" \
    "$("$pkg_config" --variable=includedir virt-porter)" "$(dirname "$header")"
is "its library folder has the library" \
    "$("$pkg_config" --variable=libdir virt-porter)" "$(dirname "$library")"
cat > "$T/program.c" <<'END'
#include <virt-porter.h>

int
main(int argc, char **argv)
{
    GError *error = NULL;
    char *identity = NULL;
    VpManifest *manifest = vp_info(argv[1], &identity, &error);
    g_print("%d %d\n", manifest != NULL, error ? vp_error_exit_status(error) : 0);
    g_clear_error(&error);
    g_autofree char *shown = vp_escape("\033");
    return shown[0] == '\\' ? 0 : 1;
}
END
{
    cat "$T/program.c"
    echo 'gpointer all[] = {'
    sed 's/.*/    (gpointer)&,/' "$T/declared"
    echo '};'
} > "$T/all.c"
# shellcheck disable=SC2046
exits 0 "a program that names every function is built" ${CC:-$(setting CC)} -std=gnu11 -Wall -Werror \
    $sanitize -o "$T/program" "$T/all.c" $("$pkg_config" --cflags --libs virt-porter)
LD_LIBRARY_PATH=$(dirname "$library") exits 0 "and runs" "$T/program" "$T/none"
is "and says what it should" "$(cat "$T/out")" "0 1"
exits 0 "make uninstall" "$make" -C "$VP_BUILDDIR" uninstall DESTDIR="$D"
none "leaves nothing" "$(find "$D" ! -type d)"
finish
