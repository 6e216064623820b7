# SPDX-License-Identifier: LGPL-2.1-or-later
# C sources without comments: "FILE:LINE:code:…", strings emptied, and
# "FILE:LINE:string:…", a line for each string.

FNR == 1 { in_comment = 0 }

{
    line = $0
    code = ""
    n = 0
    while (line != "") {
        if (in_comment) {
            end = index(line, "*/")
            if (!end)
                break
            line = substr(line, end + 2)
            in_comment = 0
        } else if (substr(line, 1, 2) == "/*") {
            line = substr(line, 3)
            in_comment = 1
        } else if (match(line, /^'([^'\\]|\\.)+'/)) {
            code = code "''"
            line = substr(line, RLENGTH + 1)
        } else if (match(line, /^"([^"\\]|\\.)*"/)) {
            strings[++n] = substr(line, 2, RLENGTH - 2)
            code = code (code ~ /^#include / ? substr(line, 1, RLENGTH) : "\"\"")
            line = substr(line, RLENGTH + 1)
        } else {
            code = code substr(line, 1, 1)
            line = substr(line, 2)
        }
    }
    if (code ~ /[^ ]/)
        print FILENAME ":" FNR ":code:" code
    if (code !~ /^#include /)
        for (i = 1; i <= n; i++)
            print FILENAME ":" FNR ":string:" strings[i]
}
