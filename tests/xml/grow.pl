#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# grow.pl SCHEMAS FOLDER COUNT: makes that many domains as libvirt's schema has them, the
# same ones every time. Of alternatives the one taken least is taken, and what never was in
# any is put in while there is room: they are as unlike as the schema lets them be.
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/schema.pl";

my ($schemas, $folder, $count) = @ARGV;
my $state = 4;                # of the random numbers: the same on every machine
my $budget;                   # elements that the domain may still grow by
my (%taken, %depth);

sub draw {
    my ($limit) = @_;
    $state = ($state * 1103515245 + 12345) & 0x7fffffff;
    return ($state >> 8) % $limit;
}

# ---- words ----

sub characters {
    my ($class) = @_;
    my $not = $class =~ s/^\^//;
    my @all;
    while ($class =~ /\G(?:\\(.)|(.))(?:-(?:\\(.)|([^\]])))?/gs) {
        my ($from, $to) = ($1 // $2, $3 // $4);
        push @all, defined $to ? map { chr } ord $from .. ord $to : $from eq 's' && defined $1 ? ' ' : $from;
    }
    return @all unless $not;
    my %out = map { $_ => 1 } @all;
    return grep { !$out{$_} } 'a' .. 'z', 0 .. 9;
}

# A word that the pattern of a schema takes; $$text is read on.
sub word_of {
    my ($text) = @_;
    my @ways = '';
    until ($$text eq '' || $$text =~ /^\)/) {
        if ($$text =~ s/^\|//) {
            push @ways, '';
            next;
        }
        my $atom = substr $$text, 0, 1, '';
        my $make;
        if ($atom eq '(') {
            my $inside = $$text;
            my $copy = $inside;
            word_of(\$copy);
            my $length = length($inside) - length $copy;
            my $group = substr $inside, 0, $length;
            $$text = substr $inside, $length + 1;
            $make = sub { my $again = $group; word_of(\$again) };
        } elsif ($atom eq '[') {
            $$text =~ s/^(\^?(?:\\.|[^\]\\])*)\]//s or die "grow.pl: class in $$text\n";
            my @set = characters($1);
            my @plain = grep { /[a-zA-Z0-9]/ } @set;
            $make = sub { my $from = @plain ? \@plain : \@set; $from->[draw(scalar @$from)] };
        } elsif ($atom eq '\\') {
            my $which = substr $$text, 0, 1, '';
            $make = sub { $which };
        } else {
            $make = sub { $atom eq '.' ? 'x' : $atom };
        }
        my ($least, $most) =
            $$text =~ s/^\{(\d+)(?:(,)(\d*))?\}// ? ($1, $2 ? $3 || $1 + 3 : $1)
            : $$text =~ s/^\?// ? (0, 1)
            : $$text =~ s/^\*// ? (0, 6)
            : $$text =~ s/^\+// ? (1, 8)
            : (1, 1);
        $most = $least + 6 if $most > $least + 6;
        $ways[-1] .= $make->() for 1 .. $least + draw($most - $least + 1);
    }
    return $ways[draw(scalar @ways)];
}

sub data_of {
    my ($node) = @_;
    my %param = map { $_->{name} => $_->{text} } grep { $_->{tag} eq 'param' } @{$node->{children}};
    my $whole = $node->{type} =~ /int|short|long|byte/i;
    my $bounded = defined $param{minInclusive} || defined $param{maxInclusive};
    if (defined $param{pattern} && !($whole && $bounded)) {
        my $pattern = $param{pattern} =~ s/&#x(\w+);/chr hex $1/ger =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&amp;/&/gr;
        my $word = word_of(\$pattern);
        return $whole && $word =~ /^\d+$/ ? $word % 30000 : $word;
    }
    my $least = $param{minInclusive} // ($node->{type} =~ /positive/ ? 1 : 0);
    my $most = $param{maxInclusive} // $least + 30000;
    $most = 30000 if $most > 30000 && $least < 30000;
    return $least + draw($most - $least + 1) if $whole;
    return '0.5' if $node->{type} =~ /double|decimal|float/;
    return '2026-01-02T03:04:05' if $node->{type} =~ /date/;
    return 'words ' . draw(1000);
}

# ---- patterns ----

# FALSE, and nothing added, where the pattern would go round in circles.
sub grow_into {
    my ($element, $node) = @_;
    my $tag = $node->{tag};
    my $add = {
        ref => sub {
            my $name = $node->{name};
            return 0 if ($depth{$name} // 0) >= 2;
            local $depth{$name} = ($depth{$name} // 0) + 1;
            return grow_into($element, definition($name));
        },
        element => sub { grow_element($element, $node) },
        attribute => sub { grow_attribute($element, $node) },
        choice => sub { grow_choice($element, $node) },
        optional => sub { grow_some($element, $node, 0, 1) },
        zeroOrMore => sub { grow_some($element, $node, 0, 2) },
        oneOrMore => sub { grow_some($element, $node, 1, 2) },
        group => sub { grow_all($element, $node) },
        interleave => sub { grow_all($element, $node) },
        empty => sub { 1 },
        text => sub { $element->{text} .= 'text ' . draw(1000); 1 },
        data => sub { $element->{text} .= data_of($node); 1 },
        value => sub { $element->{text} .= $node->{text}; 1 },
        notAllowed => sub { 0 },
    }->{$tag} // die "grow.pl: what is <$tag>?\n";
    return $add->();
}

sub grow_all {
    my ($element, $node) = @_;
    my %before = (attributes => scalar @{$element->{attributes}}, children => scalar @{$element->{children}},
        text => $element->{text});
    for my $child (@{$node->{children}}) {
        next if grow_into($element, $child);
        $#{$element->{attributes}} = $before{attributes} - 1;
        $#{$element->{children}} = $before{children} - 1;
        $element->{text} = $before{text};
        return 0;
    }
    return 1;
}

sub grow_choice {
    my ($element, $node) = @_;
    my @ways = map { [$taken{"$node $_"} // 0, draw(1000), $_] } 0 .. $#{$node->{children}};
    for my $way (sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] } @ways) {
        $taken{"$node $way->[2]"}++;
        return 1 if grow_into($element, $node->{children}[$way->[2]]);
    }
    return 0;
}

sub grow_some {
    my ($element, $node, $least, $most) = @_;
    my $times = $least;
    $times++ if $most > $least && $budget > 0 && (!$taken{$node} || draw(3) == 0);
    $times++ if $most > 1 && $budget > 0 && draw(4) == 0;
    my ($inside) = @{$node->{children}};
    $times += 3 if $inside->{tag} eq 'choice' && @{$inside->{children}} > 15;    # devices
    for my $time (1 .. $times) {
        $taken{$node}++;
        my $whole = grow_all($element, $node);
        return $time > $least ? 1 : 0 unless $whole;
    }
    return 1;
}

sub grow_element {
    my ($parent, $node) = @_;
    my $name = name_of($node) // 'app:note';
    my $element = {name => $name, attributes => [], children => [], text => ''};
    push @{$element->{attributes}}, ['xmlns' . ($name =~ /^(.*):/ ? ":$1" : ''), $node->{ns}] if $node->{ns};
    push @{$element->{attributes}}, ['xmlns:app', 'urn:example:app'] if $name eq 'app:note';
    $budget--;
    $budget = 60 if $name eq 'devices';
    if ($name eq 'app:note') {
        $element->{text} = 'note ' . draw(1000);
    } else {
        grow_all($element, {children => [grep { $_->{tag} ne 'name' } @{$node->{children}}]}) or return 0;
    }
    push @{$parent->{children}}, $element;
    return 1;
}

sub grow_attribute {
    my ($element, $node) = @_;
    my $name = name_of($node) // return 1;
    return 1 if grep { $_->[0] eq $name } @{$element->{attributes}};
    my $value = {attributes => [], children => [], text => ''};
    my @inside = grep { $_->{tag} ne 'name' } @{$node->{children}};
    grow_all($value, {children => @inside ? \@inside : [{tag => 'text', children => []}]}) or return 0;
    push @{$element->{attributes}}, [$name, $value->{text}];
    return 1;
}

# ---- a domain ----

sub attribute {
    my ($element, $name) = @_;
    my ($found) = grep { $_->[0] eq $name } @{$element->{attributes}};
    return $found;
}

sub child {
    my ($element, $name) = @_;
    my ($found) = $element ? grep { $_->{name} eq $name } @{$element->{children}} : ();
    return $found;
}

# What the schema lets stand and libvirt would not: two disks with one target, two NICs with
# one address.
sub settle {
    my ($domain, $number) = @_;
    attribute($domain, 'type')->[1] = $number % 3 ? 'kvm' : 'qemu';
    child($domain, 'name')->{text} = "grown-$number";
    my $devices = child($domain, 'devices') // return;
    my $letter = 'a';
    for my $device (@{$devices->{children}}) {
        my $target = child($device, 'target');
        attribute($target, 'dev')->[1] = 'vd' . $letter++ if $device->{name} eq 'disk';
        my $mac = $device->{name} eq 'interface' && child($device, 'mac');
        attribute($mac, 'address')->[1] = sprintf '52:54:00:%02x:%02x:%02x', $number, draw(256), draw(256) if $mac;
    }
}

sub format_element {
    my ($element, $indent) = @_;
    my $start = "$indent<$element->{name}" . join '', map { " $_->[0]=\"" . escape_xml($_->[1]) . '"' } @{$element->{attributes}};
    return "$start>" . escape_xml($element->{text}) =~ s/&quot;/"/gr . "</$element->{name}>\n" if $element->{text} ne '' && !@{$element->{children}};
    return "$start/>\n" unless @{$element->{children}};
    return "$start>\n" . join('', map { format_element($_, "$indent  ") } @{$element->{children}}) . "$indent</$element->{name}>\n";
}

my $pattern = load_schema($schemas);
for my $number (1 .. $count) {
    my $top = {attributes => [], children => [], text => ''};
    $budget = 40;
    grow_element($top, $pattern) or die "grow.pl: nothing grows\n";
    settle($top->{children}[0], $number);
    my $path = sprintf '%s/grown-%03d.xml', $folder, $number;
    open my $out, '>', $path or die "$path: $!\n";
    print $out format_element($top->{children}[0], '');
    close $out or die "$path: $!\n";
}
