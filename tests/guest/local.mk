# SPDX-License-Identifier: LGPL-2.1-or-later
EXTRA_DIST += \
	%D%/count.sh \
	%D%/guest.S \
	%D%/linux.sh \
	%D%/listen.sh \
	%D%/make-disk.sh
