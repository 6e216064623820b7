/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/choice.h"
#include "base/error.h"

#include <string.h>

#define AT(member) offsetof(VpImportOptions, member)
#define TEXT(name, member, syntax, help) \
    { \
        name, VP_FORM_TEXT, AT(member), {NULL}, syntax, help \
    }
#define FLAG(name, member, help) \
    { \
        name, VP_FORM_FLAG, AT(member), {NULL}, NULL, help \
    }
#define TEXTS(name, member, syntax, help) \
    { \
        name, VP_FORM_TEXTS, AT(member), {NULL}, syntax, help \
    }
#define PAIRS(name, member, syntax, help, ...) \
    { \
        name, VP_FORM_PAIRS, AT(member), {__VA_ARGS__}, syntax, help \
    }
#define DST "network:N, bridge:B, direct:DEV[:MODE], ovs:B[:VLAN], user, none, drop, keep"
#define PLACE \
    "the PATH of the new image, POOL/VOLUME, DIR/ or POOL/ for a usual name in it, or skip; for " \
    "a disk that the package does not hold, an image that is there, with its format"

static const VpChoice choices[VP_CHOICE_LAST] = {
    [VP_CHOICE_NAME] = TEXT("name", name, "NAME", "of the new domain"),
    [VP_CHOICE_UUID] = TEXT("uuid", uuid, "new|keep|UUID", "of the new domain"),
    [VP_CHOICE_GENID] =
        TEXT("genid", genid, "new|keep", "the VM generation ID, by which a guest knows a copy"),
    [VP_CHOICE_TITLE] = TEXT("title", title, "T", "of the new domain"),
    [VP_CHOICE_DESCRIPTION] = TEXT("description", description, "T", "of the new domain"),
    [VP_CHOICE_VIRT_TYPE] = TEXT("virt-type", virt_type, "kvm|qemu|auto",
                                 "how it is run; auto is KVM where the host has it"),
    [VP_CHOICE_MACHINE] = TEXT("machine", machine, "TYPE", "machine type, q35 for one"),
    [VP_CHOICE_MEMORY] = TEXT("memory", memory, "MIB", "memory of the new domain in MiB"),
    [VP_CHOICE_VCPUS] = TEXT("vcpus", vcpus, "N", "processors of the new domain"),
    [VP_CHOICE_RESTORE] =
        FLAG("restore", restore, "what is not said otherwise is as in the original"),
    [VP_CHOICE_DIR] = TEXT("dir", dir, "DIR", "the folder of all disks that are not said below"),
    [VP_CHOICE_POOL] = TEXT("pool", pool, "POOL",
                            "the storage pool of all disks that are not said below, for a folder"),
    [VP_CHOICE_DISKS] = {"disks",
                         VP_FORM_PAIRS,
                         VP_CHOICE_NO_OPTION,
                         {"source", "to", "format"},
                         "PATTERN=DIR/|POOL/|skip",
                         "every disk whose source in the package matches"},
    [VP_CHOICE_DISK] = PAIRS("disk", disk, "TARGET=PATH|POOL/VOLUME|skip[,format=F]",
                             "to is " PLACE, "target", "to", "format"),
    [VP_CHOICE_OVERWRITE_DEVICE] =
        FLAG("overwrite-device", overwrite_device,
             "a block device that a disk goes to may lose what it holds"),
    [VP_CHOICE_MODE] =
        TEXT("mode", mode, "copy|link|in-place",
             "disks are copied, layers over those of the package, or those of the package itself"),
    [VP_CHOICE_VERIFY] = FLAG("verify", verify, "every disk is proved before anything is made"),
    [VP_CHOICE_NO_VERIFY] =
        FLAG("no-verify", no_verify, "it is known that linked or taken disks are not proved"),
    [VP_CHOICE_OWNER] = TEXT("owner", owner, "USER[:GROUP]", "of the disk files"),
    [VP_CHOICE_FILE_MODE] = TEXT("file-mode", file_mode, "OCT", "of the disk files"),
    [VP_CHOICE_SECLABEL] =
        TEXTS("seclabel", seclabel, "MODEL=LABEL|none",
              "security labels of the domain, one a model: dac=USER:GROUP is whom QEMU runs as"),
    [VP_CHOICE_GRANT] =
        TEXTS("grant", grant, "USER|@GROUP=ROLE",
              "who may use the domain; ROLE is view, operate or manage; each counts"),
    [VP_CHOICE_NVRAM] = TEXT("nvram", nvram, "keep|fresh", "the UEFI variables"),
    [VP_CHOICE_TPM] = TEXT("tpm", tpm, "keep|fresh|drop", "the state of the TPM"),
    [VP_CHOICE_RAM] = TEXT("ram", ram, "saved|start|paused|drop",
                           "the RAM: its start resumes it, it goes on at once, it stands still, or "
                           "it boots"),
    [VP_CHOICE_MAC] = TEXT("mac", mac, "new|keep|keep-if-free",
                           "the addresses of all NICs for which none is said below"),
    [VP_CHOICE_MAC_PREFIX] = {"mac-prefix",
                              VP_FORM_TEXT,
                              VP_CHOICE_NO_OPTION,
                              {NULL},
                              "XX:XX:XX",
                              "what addresses that are new begin with"},
    [VP_CHOICE_NETWORK] =
        PAIRS("network", network, "SRC=DST", "every NIC whose source is SRC", "source", "to"),
    [VP_CHOICE_NIC] =
        PAIRS("nic", nic, "N|MAC=DST[,mac=M]",
              "to is " DST "; mac is an address, new, keep or keep-if-free", "id", "to", "mac"),
    [VP_CHOICE_ON_MISSING_NETWORK] =
        TEXT("on-missing-network", on_missing_network, "none|fail",
             "a NIC whose network is not here is connected to nothing, or an error"),
    [VP_CHOICE_XML] = TEXTS("xml", xml, "XPATH=VALUE",
                            "any other edit of the domain XML; each counts, in this order"),
    [VP_CHOICE_ALLOW] = TEXTS("allow", allow, "POWER,…",
                              "powers that the package asks for and may have; each counts"),
    [VP_CHOICE_START] = FLAG("start", start, "the domain is started once it is there"),
    [VP_CHOICE_AUTOSTART] = FLAG("autostart", autostart, "the domain is started with the host"),
};

const VpChoice *
vp_choice_get(VpChoiceId id)
{
    return &choices[id];
}

gboolean
vp_choice_find(const char *name, VpChoiceId *ret_id)
{
    for (VpChoiceId id = 0; id < VP_CHOICE_LAST; id++) {
        if (strcmp(choices[id].name, name) != 0)
            continue;
        *ret_id = id;
        return TRUE;
    }
    return FALSE;
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
