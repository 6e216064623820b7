/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/check-nics.c: what interfaces miss in networks, filters and addresses. */
#include "model-fixture.h"

#define NIC(source, more) \
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'" source \
    "/>" more "</interface>"
#define FILTER   "<filterref filter='clean-traffic'/>"
#define VLAN     "<vlan><tag id='7'/></vlan>"
#define USER     "<interface type='user'><mac address='52:54:00:00:00:02'/></interface>"
#define ODD(mac) "<interface type='user'><mac address='" mac "'/></interface>"

static VpNetworkFact *
add_network(Fixture *f)
{
    VpNetworkFact *fact = g_new0(VpNetworkFact, 1);
    fact->name = g_strdup("default");
    fact->active = TRUE;
    fact->portgroups = g_strsplit("web db", " ", -1);
    f->facts->network_facts = g_ptr_array_new_with_free_func((GDestroyNotify)vp_network_fact_free);
    g_ptr_array_add(f->facts->network_facts, fact);
    return fact;
}

static void
keep(Fixture *f)
{
    add_network(f);
    f->options.network = fixture_list(f, "*=keep");
    f->facts->filters = g_strsplit("clean-traffic", " ", -1);
}

static void
keep_all(Fixture *f)
{
    keep(f);
    f->options.mac = "keep";
}

static void
inactive(Fixture *f)
{
    keep(f);
    ((VpNetworkFact *)f->facts->network_facts->pdata[0])->active = FALSE;
}

static void
inactive_and_started(Fixture *f)
{
    inactive(f);
    f->options.start = TRUE;
}

static void
bridgeless(Fixture *f)
{
    keep(f);
    ((VpNetworkFact *)f->facts->network_facts->pdata[0])->bridgeless = TRUE;
}

static void
bridgeless_and_started(Fixture *f)
{
    bridgeless(f);
    f->options.start = TRUE;
}

static void
openvswitch(Fixture *f)
{
    keep(f);
    ((VpNetworkFact *)f->facts->network_facts->pdata[0])->takes_vlan = TRUE;
}

static void
other_filters(Fixture *f)
{
    keep(f);
    g_strfreev(f->facts->filters);
    f->facts->filters = g_strsplit("allow-arp", " ", -1);
}

static void
no_filters_known(Fixture *f)
{
    keep(f);
    g_clear_pointer(&f->facts->filters, g_strfreev);
}

static void
filter_edited_out(Fixture *f)
{
    other_filters(f);
    f->options.xml = fixture_list(f, "xpath.delete=./devices/interface[1]/filterref");
}

/* The first goes: it is the second NIC of the package, and the first of the domain. */
static void
second_left(Fixture *f)
{
    other_filters(f);
    f->options.nic = fixture_list(f, "0=drop");
}

static void
one_address(Fixture *f)
{
    keep_all(f);
    f->options.nic = fixture_list(f, "1=keep,mac=52:54:00:00:00:01");
}

static void
untouched(Fixture *f)
{
}

static void
in_session(Fixture *f)
{
    f->facts->session = TRUE;
}

static const FixtureRow rows[] = {
    {"well", NIC(" portgroup='web'", FILTER), NULL, keep, ""},
    {"inactive", NIC("", ""), NULL, inactive, "warning network-inactive nic:0\n"},
    {"inactive/start", NIC("", ""), NULL, inactive_and_started, "error network-inactive nic:0\n"},
    {"bridgeless", NIC("", ""), NULL, bridgeless, "warning bridge-missing nic:0\n"},
    {"bridgeless/start", NIC("", ""), NULL, bridgeless_and_started, "error bridge-missing nic:0\n"},
    {"portgroup", NIC(" portgroup='mail'", ""), NULL, keep, "warning portgroup-missing nic:0\n"},
    {"vlan", NIC("", VLAN), NULL, keep, "warning vlan-unsupported nic:0\n"},
    {"vlan/openvswitch", NIC("", VLAN), NULL, openvswitch, ""},
    {"filter", NIC("", FILTER), NULL, other_filters, "warning filter-missing nic:0\n"},
    {"filter/unknown", NIC("", FILTER), NULL, no_filters_known, ""},
    {"filter/edited-out", NIC("", FILTER), NULL, filter_edited_out, ""},
    {"filter/second", USER NIC("", FILTER), NULL, second_left, "warning filter-missing nic:1\n"},
    {"mac/zero", ODD("00:00:00:00:00:00"), NULL, keep_all, "error mac-invalid nic:0\n"},
    {"mac/multicast", ODD("01:00:5e:00:00:01"), NULL, keep_all, "error mac-invalid nic:0\n"},
    {"mac/odd-but-new", ODD("01:00:5e:00:00:01"), NULL, keep, ""},
    {"mac/one-for-two", NIC("", "") USER, NULL, one_address, "warning mac-taken nic:1\n"},
    {"mac/team", NIC("", "") NIC("", ""), NULL, keep_all, ""},
    {"user", USER, NULL, untouched, "note network-kept nic:0\n"},
    {"user/asked", USER, NULL, keep, ""},
    {"user/session", USER, NULL, in_session, ""},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture_add_rows("/check/nics", rows, G_N_ELEMENTS(rows));
    return g_test_run();
}
