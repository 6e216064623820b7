/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/devices.h"
#include "base/fd.h"
#include "base/strings.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

gboolean
vp_interface_exists(const char *name)
{
    return if_nametoindex(name) != 0;
}

/* The driver tells a bridge from other devices. Asked of the kernel and not read below
 * /sys, which may be that of another network namespace. */
gboolean
vp_bridge_exists(const char *name)
{
    struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
    struct ifreq request = {0};
    if (strlen(name) >= sizeof(request.ifr_name))
        return FALSE;
    g_strlcpy(request.ifr_name, name, sizeof(request.ifr_name));
    request.ifr_data = (char *)&info;
    vp_autofd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && ioctl(fd, SIOCETHTOOL, &request) == 0 && g_str_equal(info.driver, "bridge");
}

GStrv
vp_bridge_list(void)
{
    GPtrArray *names = g_ptr_array_new();
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *one = all; one && one->if_index != 0; one++) {
        if (vp_bridge_exists(one->if_name))
            g_ptr_array_add(names, g_strdup(one->if_name));
    }
    if (all)
        if_freenameindex(all);
    vp_strings_sort(names);
    return vp_strv_take(names);
}
