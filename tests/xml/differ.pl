#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# differ.pl: proves that an import changed a domain in nothing but what its options say,
# and in all of that: a second reading of the rules, with no code of the program.
# A line of stdin is a row: NAME, HOST.ini, SOURCE.xml, RESULT.xml, OPTION …, divided by
# tabs; both files as libxml2 writes them. Prints "NAME: what speaks against it".
use strict;
use warnings;

my (%option, %ini, @faults, @allowed, %must, %gone, @edited);
my ($domain, $became, $devices);

sub fault { push @faults, join '', @_ }

# may SIGN, PATTERN: a line of this path may go ("-"), come ("+") or both ("~"); a
# pattern that ends in "=" stands for any value.
sub may {
    my ($sign, $pattern) = @_;
    $pattern .= '.*' if $pattern =~ /=$/;
    push @allowed, [$sign eq '~' ? '+-' : $sign, qr/^$pattern$/s];
}

# ---- what is read: options, the host, XML ----

sub last_of { $option{$_[0]} ? $option{$_[0]}[-1] : $_[1] }
sub escape { $_[0] =~ s/&/&amp;/gr =~ s/</&lt;/gr =~ s/>/&gt;/gr =~ s/"/&quot;/gr }

sub read_options {
    %option = ();
    while (@_) {
        my $word = shift;
        $word =~ s/^--// or die "differ.pl: $word\n";
        my $value = $word =~ s/=(.*)//s ? $1 : $word =~ /^(restore|config-only|overwrite-device|verify|no-verify)$/ ? 1 : shift;
        push @{$option{$word}}, $value;
    }
}

sub read_host {
    my ($host) = @_;
    %ini = ();
    open my $file, '<', $host or die "$host: $!\n";
    while (<$file>) {
        $ini{$1} = $2 if /^([^=#]+)=(.*)$/;
    }
}

# "KEY=VALUE,more=X": a doubled comma is one of a value.
sub split_option {
    my ($pair, @rest) = map { s/\0/,/gr } split /,/, $_[0] =~ s/,,/\0/gr;
    return (split(/=/, $pair, 2), {map { split /=/, $_, 2 } @rest});
}

sub parse {
    my ($path) = @_;
    local $/;
    open my $in, '<', $path or die "$path: $!\n";
    my $text = <$in>;
    my $top = {name => '', attributes => [], children => []};
    my @open = $top;
    while ($text =~ /\G(?:<\?xml .*?\?>|(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>)|(<\/)[^>]*>|<([^\s\/>]+)((?:\s+[^=\s]+="[^"]*")*)\s*(\/?)>|([^<]+))/gcs) {
        my ($other, $end, $name, $attributes, $empty, $words) = ($1, $2, $3, $4, $5, $6);
        if (defined $words) {
            push @{$open[-1]{children}}, "#=$words" if $words =~ /\S/;
        } elsif (defined $other) {
            push @{$open[-1]{children}}, "#=$other";
        } elsif (defined $name) {
            my $node = {name => $name, children => [], attributes => []};
            push @{$node->{attributes}}, [$1, $2] while $attributes =~ /\s([^=\s]+)="([^"]*)"/g;
            push @{$open[-1]{children}}, $node;
            push @open, $node unless $empty;
        } elsif ($end) {
            pop @open;
        }
    }
    die "$path: not understood\n" if (pos($text) // 0) < length $text;
    return $top;
}

sub elements { grep { ref $_ && (!$_[1] || $_->{name} eq $_[1]) } @{$_[0]{children}} }

sub find {
    my ($node, @names) = @_;
    for my $name (@names) {
        ($node) = $node ? elements($node, $name) : ();
    }
    return $node;
}

sub get {
    my ($node, $name) = @_;
    my ($found) = $node ? grep { $_->[0] eq $name } @{$node->{attributes}} : ();
    return $found ? $found->[1] : undef;
}

sub words_of { $_[0] ? join '', map { ref $_ ? () : substr $_, 2 } @{$_[0]{children}} : '' }

# A tree as lines "/path", "/path/@attribute=value", "/path/#=text". Disks are told apart
# by target, NICs by number (not counting the %$without), entries by name.
sub flatten {
    my ($node, $path, $lines, $without) = @_;
    my $nic = -1;
    for my $child (@{$node->{children}}) {
        if (!ref $child) {
            push @$lines, "$path/$child";
            next;
        }
        my $step = "$path/$child->{name}";
        $step .= '[' . (get(find($child, 'target'), 'dev') // '') . ']' if $child->{name} eq 'disk';
        $step .= '[' . (get($child, 'name') // '') . ']' if $child->{name} eq 'entry';
        if ($child->{name} eq 'interface') {
            do { $nic++ } while $without->{$nic};
            $step .= "[$nic]";
        }
        push @$lines, $step, map { "$step/\@$_->[0]=$_->[1]" } @{$child->{attributes}};
        flatten($child, $step, $lines, $without);
    }
}

# The lines that go, "-…", and that come, "+…": what is not of the longest common sequence.
sub difference {
    my @old = @{$_[0]};
    my @new = @{$_[1]};
    shift @old, shift @new while @old && @new && $old[0] eq $new[0];
    pop @old, pop @new while @old && @new && $old[-1] eq $new[-1];
    my @common = map { [(0) x (@new + 1)] } 0 .. @old;
    for my $i (reverse 0 .. $#old) {
        my ($here, $below) = ($common[$i], $common[$i + 1]);
        for my $j (reverse 0 .. $#new) {
            $here->[$j] = $old[$i] eq $new[$j] ? $below->[$j + 1] + 1
                : $below->[$j] > $here->[$j + 1] ? $below->[$j] : $here->[$j + 1];
        }
    }
    my ($i, $j, @found) = (0, 0);
    while ($i < @old || $j < @new) {
        if ($i < @old && $j < @new && $old[$i] eq $new[$j]) {
            $i++, $j++;
        } elsif ($j == @new || ($i < @old && $common[$i + 1][$j] >= $common[$i][$j + 1])) {
            push @found, "-$old[$i++]";
        } else {
            push @found, "+$new[$j++]";
        }
    }
    return @found;
}

# ---- who it is, and what it runs on ----

sub plain { lc($_[0] // '') =~ s/-//gr }

sub judge_uuid {
    my $old = plain(words_of(find($domain, 'uuid')));
    my $uuid = words_of(find($became, 'uuid'));
    my $wish = last_of('uuid', $option{restore} ? 'keep' : 'new');
    may '~', '/domain/uuid(/#=.*)?';
    fault "the UUID $uuid was to be $wish"
        if $wish eq 'new' ? plain($uuid) eq $old
        : $wish eq 'keep' ? $old && plain($uuid) ne $old
        : plain($uuid) ne plain($wish);
    may '~', '/domain/sysinfo/system/entry\[uuid\]/#=';
    for my $entry (map { elements($_, 'entry') } map { elements($_, 'system') } elements($became, 'sysinfo')) {
        fault 'the SMBIOS UUID is another' if get($entry, 'name') eq 'uuid' && words_of($entry) ne $uuid;
    }
}

sub judge_identity {
    my $name = $option{name} ? escape(last_of('name')) =~ s/&quot;/"/gr : words_of(find($domain, 'name'));
    may '~', '/domain/name/#=';
    may '-', '/domain/@id=';
    fault "the name is not $name" if words_of(find($became, 'name')) ne $name;
    judge_uuid();
    if (last_of('genid', 'new') eq 'new') {
        my $old = find($domain, 'genid');
        may '~', '/domain/genid/#=';
        fault 'the generation ID is the old one'
            if $old && words_of($old) eq words_of(find($became, 'genid'));
    }
    for my $word (grep { $option{$_} } 'title', 'description') {
        may '~', "/domain/$word(/#=.*)?";
        fault "the $word is not as asked" if words_of(find($became, $word)) ne last_of($word);
    }
}

sub judge_hypervisor {
    my $was = get($domain, 'type');
    my $type = last_of('virt-type', $was);
    $type = $ini{'virt-types'} =~ /kvm/ ? 'kvm' : 'qemu' if $type eq 'auto';
    fault "the virt type is not $type" if get($became, 'type') ne $type;
    may '~', '/domain/@type=' if $type ne $was;
    if ($was ne $type && $type eq 'qemu' && (get(find($domain, 'cpu'), 'mode') // '') =~ /^host-/) {
        may '-', '/domain/cpu/(@mode=.*|@check=.*|(model|vendor|feature)(/.*)?)';
        may '+', '/domain/cpu/@mode=maximum';
    }
    if (join(',', @{$option{allow} // []}) !~ /\bemulator\b/) {
        my $emulator = $ini{get(find($domain, 'os', 'type'), 'arch') // ''} // '';
        may '-', '/domain/devices/emulator/#=';
        may '+', "/domain/devices/emulator/#=\Q$emulator\E";
    }
}

# Memory in KiB; what only says the same with other words, or follows, may change too.
sub judge_hardware {
    if (my $type = last_of('machine')) {
        may '~', '/domain/os/type/@machine=';
        fault "the machine type is not $type" if get(find($became, 'os', 'type'), 'machine') ne $type;
    }
    if (my $memory = last_of('memory')) {
        my @cells = elements(find($domain, 'cpu', 'numa') // {children => []}, 'cell');
        may '~', '/domain/(memory|currentMemory)/(#|@unit)=';
        may '~', '/domain/cpu/numa/cell/@(memory|unit)=' if @cells == 1;
        fault "the memory is not $memory MiB" if words_of(find($became, 'memory')) ne $memory * 1024;
    }
    if (my $count = last_of('vcpus')) {
        may '~', '/domain/vcpu/#=';
        may '-', '/domain/(vcpu/@current=.*|vcpus(/.*)?)';
        may '~', '/domain/cpu/topology/@sockets=';
        fault "the processors are not $count" if words_of(find($became, 'vcpu')) ne $count;
    }
}

# A label of each model that was asked for, in the place of its own; the others as they are. One
# that names no model is the only one.
sub judge_labels {
    my %asked;
    for my $said (@{$option{seclabel} // []}) {
        my ($model, $label) = $said =~ /=/ ? split(/=/, $said, 2) : ('', $said);
        delete @asked{$model eq '' ? keys %asked : ''};
        $asked{$model} = $label;
    }
    return unless %asked;
    if (exists $asked{''}) {
        may '~', '/domain/seclabel(/.*)?';
        my @is = map { get($_, 'type') . (get($_, 'model') // '') } elements($became, 'seclabel');
        fault "the labels are @is" if "@is" ne 'none';
        return;
    }
    my @others = map { [grep { !exists $asked{get($_, 'model') // ''} } elements($_, 'seclabel')] } $domain, $became;
    may '~', '/domain/seclabel(/.*)?';
    my @lines = map { my @l; flatten({children => $_}, '', \@l, {}); join "\n", @l } @others;
    fault 'a label that was not named is another' if $lines[0] ne $lines[1];
    for my $model (keys %asked) {
        my @labels = grep { (get($_, 'model') // '') eq $model } elements($became, 'seclabel');
        my $is = @labels != 1 ? @labels . ' labels' : words_of(find($labels[0], 'label')) || get($labels[0], 'type');
        fault "the label of $model is $is" if $is ne $asked{$model};
    }
}

# ---- disks ----

# The type of a disk at PATH, or POOL/VOLUME, and what its source must say.
sub place_of {
    my ($path) = @_;
    $path = "/dev/vg/$1" if $path =~ m{^vg/(.*)};
    $path = "/dev/$1" if $path =~ m{^sda/(.*)};
    $path = "/pools/$path" if $path =~ m{^(fast|cold)/};
    return ('block', "\@dev=$path") if $path =~ m{^/dev/(?!shm/)};
    return ('file', "\@file=$path") if $path =~ m{^\.?/};
    my ($pool, $volume) = split m{/}, $path;
    return ('network', '@protocol=rbd', "\@name=vms/$volume") if $pool =~ /^(ceph|sealed)$/;
    return ('volume', "\@pool=$pool", "\@volume=$volume");
}

# The disk lies at PATH then, as FORMAT, and its chain ends there.
sub judge_placed {
    my ($disk, $path, $format) = @_;
    my $target = get(find($disk, 'target'), 'dev');
    my $at = "/domain/devices/disk\\[$target\\]";
    my ($kind, @says) = place_of(escape($path =~ s{/[^/]+/\.\.(?=/)}{}gr));
    my $block = $kind ne 'file';
    may '-', "$at/source(/\@(?!startupPolicy).*)?";
    may '-', "$at/source/(?!encryption|\@|#).*";
    may '+', "$at/source";
    may '+', "$at/source/\Q$_\E" for @says;
    may '+', "$at/source/(host|auth).*" if $kind eq 'network';
    may '~', "$at/\@type=";
    may '~', "$at/driver/\@type=";
    may '+', "$at/driver(/\@name=qemu)?" unless find($disk, 'driver');
    may '-', "$at/(backingStore|mirror|auth)(/.*)?";
    may '+', "$at/backingStore";
    may '-', "$at/driver/(metadata_cache.*|\@discard_no_unref=.*)" if $format ne 'qcow2';
    if ((get($disk, 'device') // '') eq 'lun' && !$block) {
        may '-', "$at/\@(device=lun|rawio=.*|sgio=.*)";
        may '+', "$at/\@device=disk";
    }
    my $lines = "/domain/devices/disk[$target]";
    my $below = 'backingStore';
    for my $layer (grep { s/^$target=// } @{[@{$option{chain} // []}]}) {
        my ($path, $format) = split /:/, $layer;
        my ($kind, $attribute) = $path =~ m{^/dev/} ? ('block', 'dev') : ('file', 'file');
        my @new = ("\@type=$kind", 'format', "format/\@type=$format", 'source',
            "source/\@$attribute=$path", 'backingStore');
        may '+', "$at/$below/\Q$_\E" for @new;
        push @{$must{$target}}, map { "$lines/$below/$_" } @new;
        $below .= '/backingStore';
    }
    if (last_of('mode', 'copy') eq 'link' && $path !~ m{^/dev/}) {
        my $image = '/packages/machine.vpkg/disks/' . $target;
        my @new = ('@type=file', 'format', 'format/@type=qcow2', 'source', "source/\@file=$image",
            'backingStore');
        push @new, 'source/seclabel', 'source/seclabel/@model=dac', 'source/seclabel/@relabel=no'
            unless $ini{session};
        may '+', "$at/$below/\Q$_\E" for @new;
        push @{$must{$target}}, map { "$lines/$below/$_" } @new;
    }
    push @{$must{$target}}, map { "$lines/$_" } ((map { "source/$_" } @says), "\@type=$kind",
        "driver/\@type=$format", 'backingStore');
}

sub judge_ejected {
    my ($disk) = @_;
    my $target = get(find($disk, 'target'), 'dev');
    my $at = "/domain/devices/disk\\[$target\\]";
    may '-', "$at/(source|backingStore|mirror|auth|encryption|transient)(/.*)?";
    may '-', "$at/\@type=";
    may '+', "$at/\@type=file";
    if ((get(find($disk, 'driver'), 'type') // '') eq 'fat') {
        may '-', "$at/driver/\@type=fat";
        may '+', "$at/driver/\@type=raw";
    }
    $gone{"$at/source"} = 1;
}

sub judge_disk {
    my ($disk, $place, $name) = @_;
    my $target = get(find($disk, 'target'), 'dev');
    my $source = find($disk, 'source');
    my $medium = (get($disk, 'device') // '') =~ /^(cdrom|floppy)$/;
    my $full = $source && (@{$source->{attributes}} || elements($source));
    my $held = $full && !$option{'config-only'} && (!$medium || grep { $_ eq $target } @{$option{held} // []});
    my $raw = $medium || find($disk, 'encryption') || find($source, 'encryption')
        || (find($disk, 'shareable') && !find($disk, 'readonly'));
    my ($where, $more) = @{$place // []};
    my $pool = last_of('pool', '');
    $raw ||= ($where // "$pool/") =~ m{^(/dev/(?!shm/)|vg/|ceph/|sealed/|sda/)};
    my $format = $more && $more->{format} || ($raw ? 'raw' : 'qcow2');
    if ($where && $where ne 'skip') {
        judge_placed($disk, $where, $format);
    } elsif ($medium && $full && ($where || !$held)) {
        judge_ejected($disk);
    } elsif ($where && !$medium) {
        may '-', "/domain/devices/disk\\[$target\\](/.*)?";
        $gone{"/domain/devices/disk\\[$target\\]"} = 1;
    } elsif ($held) {
        my $folder = $pool ne '' ? $pool : last_of('dir', $ini{images});
        my $file = $pool =~ /^(vg|ceph|sealed|sda)$/ ? "$name-$target" : "$name-$target.$format";
        ($folder, $file) = ('/packages/machine.vpkg/disks', $target) if last_of('mode', '') eq 'in-place';
        judge_placed($disk, "$folder/$file", $format);
    }
}

sub judge_disks {
    my %asked;
    for (@{$option{disk} // []}) {
        my ($target, @place) = split_option($_);
        $asked{$target} = \@place;
    }
    my $name = last_of('name', words_of(find($domain, 'name')) =~ s/&amp;/&/gr);
    judge_disk($_, $asked{get(find($_, 'target'), 'dev')}, $name) for elements($devices, 'disk');
}

# ---- NICs ----

my %attribute_of = (network => 'network', bridge => 'bridge', ovs => 'bridge', direct => 'dev');
my $always_lost = 'script|downscript|route|portForward|backend|guest|backenddomain';
my %loses = (
    network => 'virtualport|vlan|ip|teaming',
    bridge => 'virtualport|vlan|ip|teaming',
    ovs => 'virtualport|vlan|port|filterref|ip|teaming',
    direct => 'virtualport|vlan|port|filterref|mtu|coalesce|ip|teaming',
    user => 'virtualport|vlan|port|filterref|mtu|bandwidth|coalesce|teaming|tune|target',
    none => 'virtualport|vlan|port|filterref|bandwidth|coalesce|teaming|tune|target|ip',
);

# The connection that the options give to a NIC: of the closest the last.
sub connection_of {
    my ($number, $kind, $of, $mac) = @_;
    my ($rank, @found) = 0;
    for (map({ [0, $_] } @{$option{network} // []}), map({ [1, $_] } @{$option{nic} // []})) {
        my ($by_nic, $text) = @$_;
        my ($key, $to, $more) = split_option($text);
        my $only = $by_nic ? '' : $key =~ s/^(network|bridge):// ? $1 : '';
        my $closeness =
            $by_nic ? ($key eq $number || lc $key eq lc $mac ? 3 : 0)
            : $key eq '*' ? 1
            : $kind =~ /^(network|bridge)$/ && (!$only || $only eq $kind) && escape($key) eq $of ? 2 : 0;
        ($rank, @found) = ($closeness, $to, $more->{mac}) if $closeness && $closeness >= $rank;
    }
    return @found;
}

sub default_connection {
    my ($kind, $of) = @_;
    my $here = grep { escape($_) eq $of } split /;/, $ini{networks};
    return 'keep' if $option{restore} || $kind !~ /^(network|bridge|direct|vhostuser)$/;
    return $kind eq 'network' && $here ? 'keep' : 'none';
}

sub allow_reconnection {
    my ($at, $kind, $word, $where, $detail) = @_;
    my $idle = $word =~ /^(user|none)$/;
    my $lost = $loses{$word eq 'none' && $ini{session} ? 'user' : $word};
    may '~', "$at/\@type=";
    may '-', "$at/source(/.*)?";
    may '-', "$at/($lost|$always_lost)(/.*)?";
    may '-', "$at/(target/)?\@managed=";
    may '-', "$at/driver/\@tx_queue_size=" unless $kind =~ /^(network|bridge)$/;
    may '-', "$at/driver(/\@name=.*)?" if $idle || $kind eq 'hostdev';
    may '-', "$at/(driver/\@queues|\@trustGuestRxFilters)=" if $idle;
    may '-', "$at/bandwidth/inbound/\@floor=" unless $word eq 'network';
    if ($attribute_of{$word}) {
        my $target = escape($where);
        may '+', "$at/source(/\@$attribute_of{$word}=\Q$target\E)?";
    }
    may '+', "$at/source/\@mode=" . ($detail // 'bridge') if $word eq 'direct';
    may '+', "$at/virtualport(/\@type=openvswitch)?" if $word eq 'ovs';
    may '+', "$at/vlan(/tag(/\@id=$detail)?)?" if $word eq 'ovs' && $detail;
    may '~', "$at/link(/\@state=.*)?" if $word eq 'none';
}

sub judge_mac {
    my ($number, $old, $mac, $given, $twins) = @_;
    my $rule = $given // last_of('mac', $option{restore} ? 'keep' : 'new');
    fault "NIC $number: MAC address $mac is not $rule"
        if $rule =~ /:/ ? lc $mac ne lc $rule
        : $rule eq 'new' ? lc $mac eq lc $old
        : $rule eq 'keep' && $old && $mac ne $old;
    fault "NIC $number: not the MAC address of its twin"
        if $old && !$given && ($twins->{lc $old} //= $mac) ne $mac;
}

sub judge_connection {
    my ($number, $nic, $word, $where) = @_;
    return if $word eq 'keep' || grep { m{^/domain/devices/interface/} } @edited;
    my $type = {ovs => 'bridge', none => $ini{session} ? 'user' : 'ethernet'}->{$word} // $word;
    fault "NIC $number is not of type $type" if get($nic, 'type') ne $type;
    my $source = find($nic, 'source');
    my $got = $attribute_of{$word} ? get($source, $attribute_of{$word}) // '' : $source ? 'a source' : '';
    fault "NIC $number is connected to “$got”" if $got ne escape($where // '');
    fault "NIC $number: the link is not down"
        if $word eq 'none' && (get(find($nic, 'link'), 'state') // '') ne 'down';
}

sub judge_nics {
    my @left = elements(find($became, 'devices') // {children => []}, 'interface');
    my ($number, %twins) = -1;
    for my $nic (elements($devices, 'interface')) {
        $number++;
        my $at = "/domain/devices/interface\\[$number\\]";
        my ($kind, $source) = (get($nic, 'type'), find($nic, 'source'));
        my $of = get($source, 'network') // get($source, 'bridge') // get($source, 'dev') // '';
        my $mac = get(find($nic, 'mac'), 'address') // '';
        my ($to, $given) = connection_of($number, $kind, $of, $mac);
        my ($word, $where, $detail) = split /:/, $to // default_connection($kind, $of);
        ($word, $where) = ('network', $word) unless $loses{$word} || $word =~ /^(drop|keep)$/;
        if ($word eq 'drop') {
            may '-', "$at(/.*)?";
            $gone{$number} = 1;
            next;
        }
        my $became_of = shift @left or return fault 'a NIC is missing';
        may '~', "$at/mac(/\@address=.*)?";
        may '-', "$at/virtualport/parameters(/\@interfaceid=.*)?"
            if lc $mac ne lc(get(find($became_of, 'mac'), 'address') // '');
        allow_reconnection($at, $kind, $word, $where, $detail) if $word ne 'keep';
        judge_mac($number, $mac, get(find($became_of, 'mac'), 'address') // '', $given, \%twins);
        judge_connection($number, $became_of, $word, $where);
    }
    fault 'there are NICs too many' if @left;
}

# ---- state, what libvirt made by itself, edits ----

sub judge_state {
    my $nvram = find($domain, 'os', 'nvram');
    if ($nvram && (words_of($nvram) || find($nvram, 'source'))) {
        my $path = ($ini{session} ? '/session' : '/system') . '/nvram/' . words_of(find($became, 'name')) . '_VARS.fd';
        my $now = find($became, 'os', 'nvram');
        my $got = find($now, 'source') ? get(find($now, 'source'), 'file') // '' : words_of($now);
        may '~', '/domain/os/nvram/(#=.*|@type=.*|source(/.*)?)';
        fault "NVRAM is kept in $got" if $got ne $path;
    }
    if (last_of('tpm', 'keep') eq 'drop') {
        may '-', '/domain/devices/tpm(/.*)?';
        fault 'a TPM is left' if find($became, 'devices', 'tpm');
    }
}

sub allow_generated {
    may '-', '/domain/devices/[^/]*/alias(/@name=(?!ua-).*)?';
    may '-', '/domain/devices/interface\[\d+\]/target(/@dev=(vnet|macvtap|macvlan).*)?';
    may '-', '/domain/devices/graphics/@(port|tlsPort)=';
    may '+', '/domain/devices/graphics/@(port|tlsPort)=-1';
    may '-', '/domain/devices/(serial|console|channel|parallel|redirdev|smartcard)/(@tty=|source$|source/@path=).*';
    may '-', '/domain/metadata/vp:origin(/.*)?';
    may '-', '/domain/metadata' unless find($became, 'metadata');
    for my $line (lines_of($became, {})) {
        fault "left of an earlier life: $line"
            if $line =~ m{/alias/\@name=(?!ua-)|/target/\@dev=vnet|/\@tty=|^/metadata/vp:origin$};
    }
}

sub lines_of {
    my ($node, $without) = @_;
    my @lines;
    flatten($node, '', \@lines, $without);
    return @lines;
}

# The paths that --xml names, without conditions.
sub read_edits {
    @edited = ();
    for (@{$option{xml} // []}) {
        my $path = /^xpath\.\w+=(.*?)(,xpath\.value=.*)?$/s ? $1 : /^(.*)=/s ? $1 : $_;
        push @edited, edited_path($path);
        push @edited, edited_path($1) . "/\@$2" while $path =~ /^(.*?)\[\@([\w-]+)=(?:'|")/g;
        push @edited, '/domain/@xmlns:qemu' if $path =~ /qemu:/;
    }
}

sub edited_path { '/domain/' . ($_[0] =~ s/\[[^\]]*\]//gr =~ s{^(\./|/domain/)}{}r) }

sub is_edited {
    my ($sign, $line) = @_;
    my $path = $line =~ s/(\@[^=]*|#)=.*/$1/sr =~ s/\[[^\]]*\]//gr;
    for my $edit (@edited) {
        return 1 if $path =~ m{^\Q$edit\E(/|$)};
        return 1 if $sign eq '+' && $path !~ /[@#]/ && $edit =~ m{^\Q$path\E/};
    }
    return 0;
}

# ---- the verdict ----

sub judge_lines {
    my ($old, $new) = @_;
    my @before = lines_of($old, {});
    my @after = lines_of($new, \%gone);
    my %there = map { $_ => 1 } @after;
    for my $target (sort keys %must) {
        next if grep { m{^/domain/devices/disk/} } @edited;
        fault "missing: $_" for grep { !$there{$_} } @{$must{$target}};
        my %known = map { $_ => 1 } @{$must{$target}};
        fault "the chain goes on: $_"
            for grep { m{^/domain/devices/disk\[$target\]/backingStore/} && !$known{$_} } @after;
    }
    for my $pattern (grep { m{/} } sort keys %gone) {
        fault "still there: $_" for grep { m{^$pattern(/|$)} } @after;
    }
    for my $line (difference(\@before, \@after)) {
        my $sign = substr $line, 0, 1, '';
        fault "$sign $line"
            unless is_edited($sign, $line) || grep { index($_->[0], $sign) >= 0 && $line =~ $_->[1] } @allowed;
    }
}

# The lines of a file that begin with a tag, each with what is wrong with its layout.
sub layout_of {
    my ($path) = @_;
    my ($depth, @lines) = 0;
    open my $in, '<', $path or die "$path: $!\n";
    while (<$in>) {
        chomp;
        my $starts = () = /<[^\/!?]/g;
        my $ends = () = m{</|/>}g;
        my $step = m{^\s*</} ? $depth - 1 : $depth;
        my $wrong = /^( *)</ && length $1 != 2 * $step ? 'not indented' : $starts > 1 ? 'crowded' : '';
        push @lines, [$_, $wrong] if /^\s*</ && !/^\s*<[!?]/;
        $depth += $starts - $ends;
    }
    return @lines;
}

# What is new stands as what is old, if that stands well.
sub judge_layout {
    my ($source, $result) = @_;
    my @old = layout_of($source);
    return if grep { $_->[1] eq 'not indented' } @old;
    my %known = map { $_->[0] => 1 } @old;
    fault "$_->[1]: $_->[0]" for grep { $_->[1] && !$known{$_->[0]} } layout_of($result);
}

sub judge {
    my ($host, $source, $result, @words) = @_;
    @faults = @allowed = ();
    %must = %gone = ();
    read_options(@words);
    read_host($host);
    read_edits();
    my ($old, $new) = (parse($source), parse($result));
    ($domain, $became) = (find($old, 'domain'), find($new, 'domain'));
    $devices = find($domain, 'devices') // {children => []};
    judge_identity();
    judge_hypervisor();
    judge_hardware();
    judge_labels();
    judge_disks();
    judge_nics();
    judge_state();
    allow_generated();
    judge_lines($old, $new);
    judge_layout($source, $result);
}

while (my $row = <STDIN>) {
    chomp $row;
    my ($name, @words) = split /\t/, $row =~ s/\x1f/\n/gr, -1;
    judge(@words);
    print map { "$name: " . s/\n/\\n/gr . "\n" } @faults;
}
