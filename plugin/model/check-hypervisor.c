/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about what runs the domain: emulator, machine type, processor, versions. */
#include "model/check-parts.h"

#include <string.h>

#define MINOR 1000 /* of a version as libvirt counts: 7002022 is 7.2.22 */

/* Looks at the domain as it will be: an edit may have settled it. */
static void
check_emulator(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    xmlNode *root = xmlDocGetRootElement(check->domain);
    g_autofree char *virt_type = vp_xml_get(root, "type");
    g_autofree char *arch = vp_xml_get(vp_xml_find_path(root, "os/type"), "arch");
    g_autofree char *machine = vp_xml_get(vp_xml_find_path(root, "os/type"), "machine");
    if (facts->archs && arch && !vp_strv_has(facts->archs, arch)) {
        vp_report_add(check->report, VP_FINDING_ARCH_UNSUPPORTED, VP_LEVEL_ERROR, "domain",
                      "this host has no emulator for %s: install its qemu-system package", arch);
    } else if (facts->virt_types && virt_type && !vp_strv_has(facts->virt_types, virt_type)) {
        vp_report_add(check->report, VP_FINDING_VIRT_TYPE_UNAVAILABLE, VP_LEVEL_ERROR, "domain",
                      "this host cannot run domains of type %s", virt_type);
        vp_report_add_fix(check->report, "--virt-type auto");
    } else if (facts->machines && machine && !vp_strv_has(facts->machines, machine)) {
        vp_report_add(check->report, VP_FINDING_MACHINE_UNSUPPORTED, VP_LEVEL_ERROR, "domain",
                      "this host's QEMU has no machine type %s", machine);
        vp_report_add_fix(check->report, "--machine TYPE");
    }
}

/* A processor that is named, and one of the host itself. Without KVM what it lacks is left out,
 * unless libvirt is to look at the result. */
static void
check_cpu(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    xmlNode *root = xmlDocGetRootElement(check->domain);
    xmlNode *cpu = vp_xml_find(root, "cpu");
    g_autofree char *model = vp_xml_get_text(vp_xml_find(cpu, "model"));
    if (vp_xml_has(cpu, "mode", "host-passthrough") && vp_xml_has(root, "type", "qemu")) {
        vp_report_add(check->report, VP_FINDING_CPU_INCOMPATIBLE, VP_LEVEL_ERROR, "domain",
                      "the host's processor cannot be passed on without KVM");
        vp_report_add_fix(check->report, "--xml ./cpu/@mode=maximum");
    } else if (facts->cpu == VP_CPU_LACKS) {
        gboolean refused = vp_xml_has(cpu, "check", "full") || !vp_xml_has(root, "type", "qemu");
        vp_report_add(check->report, VP_FINDING_CPU_INCOMPATIBLE,
                      refused ? VP_LEVEL_ERROR : VP_LEVEL_WARNING, "domain",
                      "this host cannot give a guest the processor %s%s: %s", model ? model : "",
                      refused ? "" : " with all of its features", facts->cpu_why);
        vp_report_add_fix(check->report, "--xml ./cpu/model=MODEL");
        vp_report_add_fix(check->report, "--xml xpath.delete=./cpu");
    } else if (facts->cpu == VP_CPU_UNKNOWN && facts->cpu_why) {
        vp_report_add(check->report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "domain",
                      "whether this host can give a guest the processor %s is not known: %s",
                      model ? model : "", facts->cpu_why);
    }
}

/* Releases with fixes only are alike. */
static void
check_version(const VpCheck *check, const char *what, guint64 theirs, guint64 ours)
{
    if (ours == 0 || theirs / MINOR <= ours / MINOR)
        return;
    gboolean resumes = check->plan->ram != VP_RAM_DROP;
    vp_report_add(check->report, VP_FINDING_VERSION_NEWER, VP_LEVEL_WARNING, "domain",
                  "the package was made with %s %u.%u, and this host has %u.%u: what is new in it "
                  "may be refused here, or be another thing%s",
                  what, (guint)(theirs / MINOR / MINOR), (guint)(theirs / MINOR % MINOR),
                  (guint)(ours / MINOR / MINOR), (guint)(ours / MINOR % MINOR),
                  resumes ? "; RAM is made for the same version or a newer one" : "");
    if (resumes)
        vp_report_add_fix(check->report, "--ram drop");
}

void
vp_check_hypervisor(const VpCheck *check)
{
    const VpManifest *about = check->machine->about;
    check_emulator(check);
    check_cpu(check);
    check_version(check, "libvirt", about->libvirt_version, check->facts->libvirt_version);
    if (about->hypervisor)
        check_version(check, about->hypervisor, about->hypervisor_version,
                      check->facts->hypervisor_version);
}
