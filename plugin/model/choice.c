/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/choice.h"
#include "base/error.h"

#include <string.h>

#define ROW(name, form, member, syntax, ...) \
    {name, form, offsetof(VpImportOptions, member), {__VA_ARGS__}, syntax}
#define TEXT(name, member, syntax)  ROW(name, VP_FORM_TEXT, member, syntax, NULL)
#define FLAG(name, member)          ROW(name, VP_FORM_FLAG, member, NULL, NULL)
#define TEXTS(name, member, syntax) ROW(name, VP_FORM_TEXTS, member, syntax, NULL)
#define PAIRS(name, member, syntax, ...) ROW(name, VP_FORM_PAIRS, member, syntax, __VA_ARGS__)

static const VpChoice choices[VP_CHOICE_LAST] = {
    [VP_CHOICE_NAME] = TEXT("name", name, "NAME"),
    [VP_CHOICE_UUID] = TEXT("uuid", uuid, "new|keep|UUID"),
    [VP_CHOICE_GENID] = TEXT("genid", genid, "new|keep"),
    [VP_CHOICE_TITLE] = TEXT("title", title, "T"),
    [VP_CHOICE_DESCRIPTION] = TEXT("description", description, "T"),
    [VP_CHOICE_VIRT_TYPE] = TEXT("virt-type", virt_type, "kvm|qemu|auto"),
    [VP_CHOICE_MACHINE] = TEXT("machine", machine, "TYPE"),
    [VP_CHOICE_MEMORY] = TEXT("memory", memory, "MIB"),
    [VP_CHOICE_VCPUS] = TEXT("vcpus", vcpus, "N"),
    [VP_CHOICE_RESTORE] = FLAG("restore", restore),
    [VP_CHOICE_DIR] = TEXT("dir", dir, "DIR"),
    [VP_CHOICE_DISK] =
        PAIRS("disk", disk, "TARGET=PATH[,format=F] or TARGET=skip", "target", "to", "format"),
    [VP_CHOICE_OWNER] = TEXT("owner", owner, "USER[:GROUP]"),
    [VP_CHOICE_FILE_MODE] = TEXT("file-mode", file_mode, "OCT"),
    [VP_CHOICE_SECLABEL] = TEXTS("seclabel", seclabel, "MODEL=LABEL|none"),
    [VP_CHOICE_GRANT] = TEXTS("grant", grant, "USER|@GROUP=ROLE"),
    [VP_CHOICE_NVRAM] = TEXT("nvram", nvram, "keep|fresh"),
    [VP_CHOICE_TPM] = TEXT("tpm", tpm, "keep|fresh|drop"),
    [VP_CHOICE_RAM] = TEXT("ram", ram, "saved|start|paused|drop"),
    [VP_CHOICE_MAC] = TEXT("mac", mac, "new|keep|keep-if-free"),
    [VP_CHOICE_NETWORK] = PAIRS("network", network, "SRC=DST", "source", "to"),
    [VP_CHOICE_NIC] = PAIRS("nic", nic, "N|MAC=DST[,mac=M]", "id", "to", "mac"),
    [VP_CHOICE_ON_MISSING_NETWORK] = TEXT("on-missing-network", on_missing_network, "none|fail"),
    [VP_CHOICE_XML] = TEXTS("xml", xml, "XPATH=VALUE"),
    [VP_CHOICE_ALLOW] = TEXTS("allow", allow, "POWER,…"),
    [VP_CHOICE_START] = FLAG("start", start),
    [VP_CHOICE_AUTOSTART] = FLAG("autostart", autostart),
};

const VpChoice *
vp_choice_get(VpChoiceId id)
{
    return &choices[id];
}

int
vp_choice_parse_word(VpChoiceId id, const char *text, const char *where, GError **error)
{
    g_auto(GStrv) words = g_strsplit(choices[id].syntax, "|", -1);
    for (int i = 0; words[i]; i++) {
        if (g_ascii_islower(*text) && strcmp(words[i], text) == 0)
            return i;
    }
    g_autofree char *all = g_strjoinv(", ", words);
    vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is not one of: %s", where, text, all);
    return -1;
}

char *
vp_choice_dup_word(VpChoiceId id, int index)
{
    g_auto(GStrv) words = g_strsplit(choices[id].syntax, "|", -1);
    return g_strdup(words[index]);
}
