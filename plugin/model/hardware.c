/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/hardware.h"
#include "model/plan-parts.h"

#include <string.h>

#define MAX_MEMORY (G_GUINT64_CONSTANT(1) << 40) /* MiB */
#define MAX_VCPUS  65535

static gboolean
plan_number(VpPlan *plan, VpChoiceId id, guint64 max, guint64 *ret_number, GError **error)
{
    const VpSetting *setting = vp_plan_settle(plan, id, NULL, NULL);
    if (!setting->text || g_ascii_string_to_unsigned(setting->text, 10, 1, max, ret_number, NULL))
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is no number from 1 to %" G_GUINT64_FORMAT,
                 setting->where, setting->text, max);
    return FALSE;
}

gboolean
vp_hardware_plan(VpPlan *plan, GError **error)
{
    const VpSetting *machine = vp_plan_settle(plan, VP_CHOICE_MACHINE, NULL, NULL);
    plan->machine = g_strdup(machine->text);
    if (plan->machine && !*plan->machine) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: give a machine type, such as q35", machine->where);
        return FALSE;
    }
    return plan_number(plan, VP_CHOICE_MEMORY, MAX_MEMORY, &plan->memory, error) &&
           plan_number(plan, VP_CHOICE_VCPUS, MAX_VCPUS, &plan->vcpus, error);
}

static void
set_size(xmlNode *node, guint64 mebibytes)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, mebibytes * 1024);
    vp_xml_set(node, "unit", "KiB");
    vp_xml_set_text(node, text);
}

/* What the guest has at the start becomes all of it. A single NUMA cell has all memory. */
static void
set_memory(xmlNode *root, guint64 mebibytes)
{
    xmlNode *current = vp_xml_find(root, "currentMemory");
    set_size(vp_xml_ensure(root, "memory"), mebibytes);
    if (current)
        set_size(current, mebibytes);
    xmlNode *cell = vp_xml_find_path(root, "cpu/numa/cell");
    if (!cell || vp_xml_find_next(cell, "cell"))
        return;
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, mebibytes * 1024);
    vp_xml_set(cell, "unit", "KiB");
    vp_xml_set(cell, "memory", text);
}

/* The number in the attribute @name of @node, 1 where it has none; 0 for no number. */
static guint64
read_count(const xmlNode *node, const char *name)
{
    g_autofree char *text = vp_xml_get(node, name);
    guint64 count = 1;
    if (text && !g_ascii_string_to_unsigned(text, 10, 1, MAX_VCPUS, &count, NULL))
        return 0;
    return count;
}

/* Processors of one socket; 0 for a topology that is none. */
static guint64
count_in_socket(const xmlNode *topology)
{
    return read_count(topology, "dies") * read_count(topology, "clusters") *
           read_count(topology, "cores") * read_count(topology, "threads");
}

/* The sockets follow, where whole ones make up the number. */
static void
set_vcpus(xmlNode *root, guint64 vcpus, VpReport *report)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, vcpus);
    xmlNode *vcpu = vp_xml_ensure(root, "vcpu");
    vp_xml_set_text(vcpu, text);
    vp_xml_set(vcpu, "current", NULL);
    vp_xml_remove_all(root, "vcpus");
    xmlNode *topology = vp_xml_find_path(root, "cpu/topology");
    guint64 each = topology ? count_in_socket(topology) : 0;
    if (each == 0 || vcpus % each != 0 || read_count(topology, "sockets") * each == vcpus)
        return;
    g_autofree char *sockets = g_strdup_printf("%" G_GUINT64_FORMAT, vcpus / each);
    vp_xml_set(topology, "sockets", sockets);
    vp_report_add(report, VP_FINDING_CPU_CHANGED, VP_LEVEL_NOTE, "domain",
                  "the processors are in sockets of %" G_GUINT64_FORMAT ": their number becomes %s",
                  each, sockets);
    vp_report_add_fix(report, "--xml ./cpu/topology/@cores=N");
}

void
vp_hardware_set(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    xmlNode *type = vp_xml_find_path(root, "os/type");
    if (plan->machine && type)
        vp_xml_set(type, "machine", plan->machine);
    if (plan->memory > 0)
        set_memory(root, plan->memory);
    if (plan->vcpus > 0)
        set_vcpus(root, plan->vcpus, report);
}

/* A size in bytes by libvirt's units, @fallback where @unit is NULL; 0 for none of them. */
static guint64
scale(const char *unit, const char *fallback)
{
    static const struct {
        const char *unit;
        guint64 bytes;
    } units[] = {
        {"b", 1},
        {"bytes", 1},
        {"KB", 1000},
        {"k", 1024},
        {"KiB", 1024},
        {"MB", 1000 * 1000},
        {"M", 1024 * 1024},
        {"MiB", 1024 * 1024},
        {"GB", 1000 * 1000 * 1000},
        {"G", 1024 * 1024 * 1024},
        {"GiB", 1024 * 1024 * 1024},
        {"TB", G_GUINT64_CONSTANT(1000000000000)},
        {"T", G_GUINT64_CONSTANT(1) << 40},
        {"TiB", G_GUINT64_CONSTANT(1) << 40},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_ascii_strcasecmp(unit ? unit : fallback, units[i].unit) == 0)
            return units[i].bytes;
    }
    return 0;
}

/* FALSE where there is no size, or none that we read. */
static gboolean
read_size(const char *number, const char *unit, guint64 *ret_bytes)
{
    guint64 value, bytes = scale(unit, "KiB");
    if (!number || bytes == 0 ||
        !g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT64 / bytes, &value, NULL))
        return FALSE;
    *ret_bytes = value * bytes;
    return TRUE;
}

static gboolean
read_element(const xmlNode *node, guint64 *ret_bytes)
{
    g_autofree char *text = node ? vp_xml_get_text(node) : NULL;
    g_autofree char *unit = vp_xml_get(node, "unit");
    return text && read_size(g_strstrip(text), unit, ret_bytes);
}

char *
vp_hardware_dup_memory(const xmlNode *root)
{
    guint64 bytes;
    if (!read_element(vp_xml_find(root, "memory"), &bytes))
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT, bytes / (1024 * 1024));
}

/* The memory of all cells; FALSE where one has none that we read, or there is no cell. */
static gboolean
add_cells(const xmlNode *numa, guint64 *ret_bytes)
{
    guint64 sum = 0;
    for (xmlNode *cell = vp_xml_find(numa, "cell"); cell; cell = vp_xml_find_next(cell, "cell")) {
        g_autofree char *memory = vp_xml_get(cell, "memory");
        g_autofree char *unit = vp_xml_get(cell, "unit");
        guint64 bytes;
        if (!read_size(memory, unit, &bytes))
            return FALSE;
        sum += bytes;
    }
    *ret_bytes = sum;
    return sum > 0;
}

static void
refuse(VpReport *report, const char *place, const char *message)
{
    vp_report_add(report, VP_FINDING_HARDWARE_CONTRADICTS, VP_LEVEL_ERROR, "domain", "%s: %s",
                  place, message);
    vp_report_set_place(report, place);
}

/* With memory modules the sum is of these too, and libvirt keeps the book. */
static void
check_memory(const xmlNode *root, VpReport *report)
{
    guint64 memory, current, most, cells;
    if (!read_element(vp_xml_find(root, "memory"), &memory))
        return;
    if (read_element(vp_xml_find(root, "currentMemory"), &current) && current > memory) {
        refuse(report, "/domain/currentMemory", "is more than the memory of the domain");
        vp_report_add_fix(report, "--memory MIB");
    }
    if (read_element(vp_xml_find(root, "maxMemory"), &most) && memory > most) {
        refuse(report, "/domain/maxMemory", "is less than the memory of the domain");
        vp_report_add_fix(report, "--xml ./maxMemory=KIB");
    }
    xmlNode *numa = vp_xml_find_path(root, "cpu/numa");
    if (vp_xml_find_path(root, "devices/memory") || !add_cells(numa, &cells) ||
        cells / 1024 == memory / 1024)
        return;
    refuse(report, "/domain/cpu/numa",
           "the memory of the cells does not add up to that of the domain, and would win");
    vp_report_add_fix(report, "--xml ./cpu/numa/cell[N]/@memory=KIB");
}

static void
check_vcpus(const xmlNode *root, VpReport *report)
{
    g_autofree char *text = vp_xml_get_text(vp_xml_find(root, "vcpu"));
    guint64 vcpus;
    if (!text || !g_ascii_string_to_unsigned(g_strstrip(text), 10, 1, MAX_VCPUS, &vcpus, NULL))
        return;
    if (read_count(vp_xml_find(root, "vcpu"), "current") > vcpus) {
        refuse(report, "/domain/vcpu/@current", "is more than the domain has processors");
        vp_report_add_fix(report, "--vcpus N");
    }
    const xmlNode *topology = vp_xml_find_path(root, "cpu/topology");
    guint64 each = topology ? count_in_socket(topology) : 0;
    if (each == 0 || read_count(topology, "sockets") * each == vcpus)
        return;
    refuse(report, "/domain/cpu/topology", "sockets, cores and threads are not those of <vcpu>");
    vp_report_add_fix(report, "--vcpus %" G_GUINT64_FORMAT, read_count(topology, "sockets") * each);
    vp_report_add_fix(report, "--xml xpath.delete=./cpu/topology");
}

void
vp_hardware_check(xmlDoc *domain, VpReport *report)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    check_memory(root, report);
    check_vcpus(root, report);
}
