/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* grants: the rules by which users are let to a domain, on their way to a host. */
#pragma once

#include "sink/sink.h"

/* Adds to @facts, whose domains and grants.available are known, what grants need. */
void vp_facts_look_at_grants(VpHostFacts *facts, const VpPlan *plan);

/* Writes the rule of the domain to come; one of an earlier domain of its UUID goes. */
gboolean vp_sink_place_grants(const VpHostSink *sink, GError **error);

/* Removes the rules of domains that are gone. What cannot be removed stays, and the next
 * import tells. */
void vp_sink_clear_grants(const VpHostSink *sink);
