# SPDX-License-Identifier: LGPL-2.1-or-later
# The live tests are run by ./bootstrap check: they want an installed virt-porter.
EXTRA_DIST += %D%
