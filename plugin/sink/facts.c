/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/firmware.h"
#include "sink/facts-parts.h"
#include "sink/grants.h"

#include <unistd.h>

VpHostFacts *
vp_facts_gather(VpConnection *connection, const VpMachine *machine, GError **error)
{
    g_autoptr(VpHostFacts) facts = vp_host_facts_new();
    facts->session = vp_connection_is_session(connection);
    facts->local = vp_connection_is_local(connection);
    facts->caller = geteuid();
    facts->privileged = facts->caller == 0;
    facts->grants.available = facts->local && !facts->session &&
                              g_str_equal(vp_connection_get_driver(connection), "QEMU");
    facts->has_qemu_user =
        vp_connection_get_qemu_user(connection, &facts->qemu_uid, &facts->qemu_gid);
    facts->libvirt_version = vp_connection_get_libvirt_version(connection);
    if (g_strcmp0(machine->about->hypervisor, vp_connection_get_driver(connection)) == 0)
        facts->hypervisor_version = vp_connection_get_version(connection);
    facts->firmware = vp_firmware_list();
    vp_facts_gather_pools(connection, facts);
    if (!vp_facts_gather_domains(connection, facts, error))
        return NULL;
    vp_facts_gather_networks(connection, facts);
    vp_facts_gather_capabilities(connection, machine->about, facts);
    vp_facts_gather_cpus(connection, machine, facts);
    return g_steal_pointer(&facts);
}

gboolean
vp_facts_look_at(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan, xmlDoc *domain,
                 GError **error)
{
    if (!vp_facts_look_at_owner(facts, plan, error))
        return FALSE;
    vp_facts_look_at_grants(facts, plan);
    vp_facts_look_at_volumes(facts, connection, plan);
    if (!facts->local)
        return TRUE;
    vp_facts_look_at_paths(facts, plan, domain);
    vp_facts_look_at_bridges(facts, plan);
    return TRUE;
}
