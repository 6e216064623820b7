# SPDX-License-Identifier: LGPL-2.1-or-later

# VP_PROG_TOOLS: the programs of the build, and those that are only told of.
AC_DEFUN([VP_PROG_TOOLS], [
  AC_PATH_PROGS([RST2MAN], [rst2man rst2man.py])
  AM_CONDITIONAL([HAVE_RST2MAN], [test -n "$RST2MAN"])
  AC_PATH_PROG([GLIB_COMPILE_RESOURCES], [glib-compile-resources])
  AS_IF([test -z "$GLIB_COMPILE_RESOURCES"], [AC_MSG_ERROR([glib-compile-resources is missing: it comes with the development files of GLib])])
  AC_PATH_PROG([QEMU_IMG], [qemu-img])
  AC_PATH_PROG([CLANG], [clang])
])

# VP_WARNINGS: warnings that the tree is kept free of, each where the compiler knows it.
AC_DEFUN([VP_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [warnings are errors])], [], [enable_werror=no])
  vp_wanted="-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
    -Wno-unused-parameter -Wno-missing-field-initializers \
    -Wpointer-arith -Wformat=2 -Wundef"
  AS_IF([test "$enable_werror" = yes], [vp_wanted="$vp_wanted -Werror"])
  WARN_CFLAGS=
  for vp_flag in $vp_wanted; do
    vp_saved="$CFLAGS"
    CFLAGS="$CFLAGS $vp_flag -Werror"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([])], [WARN_CFLAGS="$WARN_CFLAGS $vp_flag"])
    CFLAGS="$vp_saved"
  done
  AC_SUBST([WARN_CFLAGS])
])

# VP_SANITIZE: the tree under AddressSanitizer and UndefinedBehaviourSanitizer; what they find
# wants few of the compiler's other efforts. CFLAGS of the user's come before ours.
AC_DEFUN([VP_SANITIZE], [
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize], [build with ASan and UBSan])], [], [enable_sanitize=no])
  AS_IF([test "$enable_sanitize" = yes],
    [SANITIZE_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
     test "$ac_cv_env_CFLAGS_set" = set || CFLAGS="-g1 -O1"])
  AC_SUBST([SANITIZE_CFLAGS])
])

# VP_BASH_COMPLETION: below our own prefix, so that DESTDIR and a private prefix work.
AC_DEFUN([VP_BASH_COMPLETION], [
  AC_ARG_WITH([bash-completion-dir],
    [AS_HELP_STRING([--with-bash-completion-dir=DIR], [default: DATADIR/bash-completion/completions])],
    [bashcompdir="$withval"], [bashcompdir='${datadir}/bash-completion/completions'])
  AC_SUBST([bashcompdir])
])
