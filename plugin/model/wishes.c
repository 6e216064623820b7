/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/wishes.h"
#include "model/option.h"

#include <string.h>

static void
wish_free(VpWish *wish)
{
    g_free(wish->text);
    for (gsize i = 0; i < VP_CHOICE_FIELDS; i++)
        g_free(wish->fields[i]);
    g_free(wish->where);
    g_free(wish->from);
    g_free(wish);
}

VpWishes *
vp_wishes_new(void)
{
    VpWishes *wishes = g_new0(VpWishes, 1);
    wishes->list = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free);
    return wishes;
}

void
vp_wishes_free(VpWishes *wishes)
{
    if (!wishes)
        return;
    g_ptr_array_unref(wishes->list);
    g_free(wishes->package);
    g_free(wishes);
}

VpWish *
vp_wishes_add(VpWishes *wishes, VpChoiceId id, const char *where, const char *from)
{
    VpWish *wish = g_new0(VpWish, 1);
    wish->id = id;
    wish->where = g_strdup(where);
    wish->from = g_strdup(from);
    g_ptr_array_add(wishes->list, wish);
    return wish;
}

static int
find_field(const VpChoice *choice, const char *name)
{
    for (int i = 2; i < VP_CHOICE_FIELDS && choice->fields[i]; i++) {
        if (strcmp(choice->fields[i], name) == 0)
            return i;
    }
    return -1;
}

/* "only format= can follow": what may stand behind a comma. */
static char *
describe_following(const VpChoice *choice)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (int i = 2; i < VP_CHOICE_FIELDS && choice->fields[i]; i++)
        g_string_append_printf(list, "%s%s=", i > 2 ? ", " : "", choice->fields[i]);
    return list->len > 0 ? g_strdup_printf("only %s can follow", list->str)
                         : g_strdup("nothing can follow");
}

static gboolean
parse_following(VpWish *wish, const VpChoice *choice, const char *field, GError **error)
{
    const char *equals = strchr(field, '=');
    g_autofree char *name = equals ? g_strndup(field, (gsize)(equals - field)) : NULL;
    int index = name ? find_field(choice, name) : -1;
    if (index >= 0) {
        g_free(wish->fields[index]);
        wish->fields[index] = g_strdup(equals + 1);
        return TRUE;
    }
    g_autofree char *following = describe_following(choice);
    if (wish->id == VP_CHOICE_NETWORK && g_strcmp0(name, "mac") == 0)
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: “%s” would give one MAC address to every NIC: say --nic N=DST,mac=M",
                     wish->where, wish->text);
    else
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: “%s” is not known here: %s (a comma in a value is doubled)", wish->where,
                     field, following);
    return FALSE;
}

static gboolean
parse_pairs(VpWish *wish, const VpChoice *choice, GError **error)
{
    g_auto(GStrv) fields = vp_option_split(wish->text);
    if (!vp_option_pair(fields[0], wish->where, choice->syntax, &wish->fields[0], &wish->fields[1],
                        error))
        return FALSE;
    for (char **field = fields + 1; *field; field++) {
        if (!parse_following(wish, choice, *field, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_option(VpWishes *wishes, VpChoiceId id, const char *text, GError **error)
{
    const VpChoice *choice = vp_choice_get(id);
    g_autofree char *option = g_strconcat("--", choice->name, NULL);
    VpWish *wish = vp_wishes_add(wishes, id, option, option);
    wish->text = g_strdup(text);
    return choice->form != VP_FORM_PAIRS || parse_pairs(wish, choice, error);
}

static gboolean
add_options(VpWishes *wishes, VpChoiceId id, const VpImportOptions *options, GError **error)
{
    const VpChoice *choice = vp_choice_get(id);
    if (choice->member == VP_CHOICE_NO_OPTION)
        return TRUE;
    const void *member = (const char *)options + choice->member;
    if (choice->form == VP_FORM_FLAG)
        return !*(const gboolean *)member || add_option(wishes, id, "yes", error);
    if (choice->form == VP_FORM_TEXT) {
        const char *text = *(const char *const *)member;
        return !text || add_option(wishes, id, text, error);
    }
    for (const char *const *text = *(const char *const *const *)member; text && *text; text++) {
        if (!add_option(wishes, id, *text, error))
            return FALSE;
    }
    return TRUE;
}

VpWishes *
vp_wishes_of_options(const VpImportOptions *options, GError **error)
{
    g_autoptr(VpWishes) wishes = vp_wishes_new();
    for (VpChoiceId id = 0; id < VP_CHOICE_LAST; id++) {
        if (!add_options(wishes, id, options, error))
            return NULL;
    }
    return g_steal_pointer(&wishes);
}

const VpWish *
vp_wishes_find(const VpWishes *wishes, VpChoiceId id)
{
    for (guint i = wishes->list->len; i > 0; i--) {
        const VpWish *wish = wishes->list->pdata[i - 1];
        if (wish->id == id)
            return wish;
    }
    return NULL;
}

GPtrArray *
vp_wishes_order_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)vp_wishes_free);
}

const VpWish *
vp_wishes_order_find(GPtrArray *order, VpChoiceId id)
{
    for (guint i = order->len; i > 0; i--) {
        const VpWish *wish = vp_wishes_find(order->pdata[i - 1], id);
        if (wish)
            return wish;
    }
    return NULL;
}
