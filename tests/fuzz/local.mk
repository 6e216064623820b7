# SPDX-License-Identifier: LGPL-2.1-or-later
# Readers of bytes of strangers. make check feeds each a bounded number of mutations, the same
# each time; make fuzz lets libFuzzer at them, where clang is there.

fuzz_targets = \
	%D%/fuzz-header \
	%D%/fuzz-save-image \
	%D%/fuzz-vmstate

fuzz_common = \
	%D%/file.c \
	%D%/fuzz.h \
	%D%/qcow2.c

check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
tests_fuzz_fuzz_header_SOURCES = %D%/fuzz-header.c %D%/run.c $(fuzz_common)
tests_fuzz_fuzz_save_image_SOURCES = %D%/fuzz-save-image.c %D%/run.c $(fuzz_common)
tests_fuzz_fuzz_vmstate_SOURCES = %D%/fuzz-vmstate.c %D%/run.c $(fuzz_common)

# What the targets read with, built once more with what libFuzzer watches.
fuzz_watched = \
	plugin/base/error.c \
	plugin/image/header.c \
	plugin/image/save-image.c \
	plugin/image/snapshot.c \
	plugin/image/vmstate.c

FUZZ_SECONDS = 60

# make fuzz [FUZZ_SECONDS=600]: each target so long; what is found stays in tests/fuzz/ here.
fuzz: $(fuzz_targets)
	@test -n '$(CLANG)' || { echo 'make fuzz: clang is missing: configure again once it is there' >&2; exit 1; }
	@for target in $(fuzz_targets); do \
	    echo "== $$target"; \
	    $(MKDIR_P) $$target.corpus && \
	    $$target --write $$target.corpus && \
	    $(CLANG) $(AM_CPPFLAGS) $(DEFS) -I. $(GLIB_CFLAGS) -g -O1 \
	        -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	        -o $$target.libfuzzer $(srcdir)/$$target.c $(srcdir)/%D%/file.c $(srcdir)/%D%/qcow2.c \
	        $(addprefix $(srcdir)/,$(fuzz_watched)) $(GLIB_LIBS) && \
	    $$target.libfuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=8192 \
	        -print_final_stats=1 -artifact_prefix=$$target.found- $$target.corpus || exit 1; \
	done
.PHONY: fuzz

clean-local:
	-rm -rf $(addsuffix .corpus,$(fuzz_targets)) $(addsuffix .libfuzzer,$(fuzz_targets))
