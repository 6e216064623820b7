# SPDX-License-Identifier: LGPL-2.1-or-later
# "LINES FILE:LINE NAME" for each function of C sources.

/^[a-z_A-Z]/ { name = $0 }
/^{/ { start = FNR }
/^}/ && start {
    sub(/\(.*/, "", name)
    print FNR - start + 1, FILENAME ":" start, name
    start = 0
}
