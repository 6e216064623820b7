/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/seclabel.h"
#include "base/xml.h"

#include <string.h>

void
vp_seclabel_free(VpSeclabel *label)
{
    if (!label)
        return;
    g_free(label->model);
    g_free(label->label);
    g_free(label->where);
    g_free(label);
}

/* "none"; USER:GROUP for DAC, USER:ROLE:TYPE[:LEVEL] for SELinux; else whatever can be printed. */
static gboolean
is_label(const char *model, const char *label)
{
    g_auto(GStrv) parts = g_strsplit(label, ":", -1);
    guint count = g_strv_length(parts);
    if (strcmp(label, "none") == 0)
        return TRUE;
    for (char **part = parts; *part; part++) {
        if (!**part)
            return FALSE;
    }
    for (const char *c = label; *c; c++) {
        if (!g_ascii_isgraph(*c))
            return FALSE;
    }
    if (strcmp(model, VP_LABEL_DAC) == 0)
        return count == 2;
    return strcmp(model, "selinux") == 0 ? count >= 3 : count >= 1;
}

static gboolean
is_model(const char *model)
{
    return *model && strspn(model, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(model);
}

static VpSeclabel *
seclabel_new(const char *model, const char *label, const char *where)
{
    VpSeclabel *seclabel = g_new0(VpSeclabel, 1);
    seclabel->model = g_strdup(model);
    seclabel->label = strcmp(label, "none") == 0 ? NULL : g_strdup(label);
    seclabel->where = g_strdup(where);
    return seclabel;
}

static void
drop(GPtrArray *labels, const char *model)
{
    const VpSeclabel *before = vp_seclabels_find(labels, model);
    if (before)
        g_ptr_array_remove(labels, (gpointer)before);
}

gboolean
vp_seclabels_add(GPtrArray *labels, const char *text, const char *where, GError **error)
{
    const char *equals = strchr(text, '=');
    g_autofree char *model = equals ? g_strndup(text, (gsize)(equals - text)) : NULL;
    if (strcmp(text, "none") == 0) {
        g_ptr_array_set_size(labels, 0);
        g_ptr_array_add(labels, seclabel_new(NULL, text, where));
        return TRUE;
    }
    if (!model || !is_model(model) || !is_label(model, equals + 1)) {
        vp_error_set(
            error, VP_ERROR_USAGE,
            "%s: “%s” is malformed: give MODEL=LABEL, MODEL=none or none; a LABEL is USER:GROUP "
            "of dac, USER:ROLE:TYPE:LEVEL of selinux",
            where, text);
        return FALSE;
    }
    drop(labels, NULL);
    drop(labels, model);
    g_ptr_array_add(labels, seclabel_new(model, equals + 1, where));
    return TRUE;
}

const VpSeclabel *
vp_seclabels_find(GPtrArray *labels, const char *model)
{
    for (guint i = 0; i < labels->len; i++) {
        const VpSeclabel *label = labels->pdata[i];
        if (g_strcmp0(label->model, model) == 0)
            return label;
    }
    return NULL;
}

static void
remove_model(xmlNode *root, const char *model)
{
    for (xmlNode *node = vp_xml_find(root, "seclabel"), *next; node; node = next) {
        next = vp_xml_find_next(node, "seclabel");
        if (!model || vp_xml_has(node, "model", model))
            vp_xml_remove(node);
    }
}

static void
add_label(xmlNode *root, const VpSeclabel *label)
{
    xmlNode *node = vp_xml_add(root, "seclabel");
    vp_xml_mark_own(node);
    vp_xml_set_own(node, "type", label->label ? "static" : "none");
    if (label->model)
        vp_xml_set_own(node, "model", label->model);
    if (!label->label)
        return;
    vp_xml_set_own(node, "relabel", "yes");
    xmlNode *text = vp_xml_add(node, "label");
    vp_xml_set_text(text, label->label);
    vp_xml_mark_own(text);
}

void
vp_seclabels_set(GPtrArray *labels, xmlDoc *domain)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    for (guint i = 0; i < labels->len; i++) {
        const VpSeclabel *label = labels->pdata[i];
        remove_model(root, label->model);
        add_label(root, label);
    }
}

void
vp_seclabels_check(GPtrArray *labels, const VpHostFacts *facts, VpReport *report)
{
    if (facts->unknown_label) {
        vp_report_add(report, VP_FINDING_OWNER_UNKNOWN, VP_LEVEL_ERROR, "domain",
                      "the label of DAC: this host knows no user or group “%s”; a number is +N",
                      facts->unknown_label);
        vp_report_add_fix(report, "--seclabel dac=USER:GROUP");
    }
    for (guint i = 0; i < labels->len; i++) {
        const VpSeclabel *label = labels->pdata[i];
        if (!label->model || !facts->label_models || vp_strv_has(facts->label_models, label->model))
            continue;
        g_autofree char *there = g_strjoinv(", ", facts->label_models);
        vp_report_add(report, VP_FINDING_LABEL_MODEL_ABSENT, VP_LEVEL_ERROR, "domain",
                      "libvirt here has no security model “%s”; it has: %s", label->model,
                      *there ? there : "none");
        vp_report_add_fix(report, "--seclabel MODEL=LABEL");
    }
}
