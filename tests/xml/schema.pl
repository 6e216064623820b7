# SPDX-License-Identifier: LGPL-2.1-or-later
# schema.pl: libvirt's RELAX NG schema of a domain, read as a tree, for the scripts
# that derive something from it.
use strict;
use warnings;

my %defines;

sub read_patterns {
    my ($path) = @_;
    local $/;
    open my $in, '<', $path or die "$path: $!\n";
    my $text = <$in> =~ s/<!--.*?-->//gsr;
    my @open = {tag => '', children => []};
    while ($text =~ /<(\/)?([^\s\/>?]+)((?:\s+[^=\s]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>([^<]*)/gs) {
        my ($end, $tag, $attributes, $empty, $words) = ($1, $2, $3, $4, $5);
        if ($end) {
            pop @open;
            next;
        }
        my $node = {tag => $tag, children => [], text => $words};
        $node->{$1} = $3 while $attributes =~ /\s([^=\s]+)=(["'])(.*?)\2/gs;
        push @{$open[-1]{children}}, $node;
        push @open, $node unless $empty;
    }
    return $open[0]{children}[0];
}

# A definition that stands beside another of its name is a choice more.
sub load_grammar {
    my ($path) = @_;
    for my $node (@{read_patterns($path)->{children}}) {
        if ($node->{tag} eq 'include') {
            load_grammar($path =~ s{[^/]*$}{$node->{href}}r);
        } elsif ($node->{tag} eq 'define') {
            my $group = {tag => 'group', children => $node->{children}};
            my $known = $defines{$node->{name}};
            $defines{$node->{name}} = $known ? {tag => 'choice', children => [$known, $group]} : $group;
        }
    }
}

# load_schema FOLDER: returns the pattern of <domain>.
sub load_schema {
    my ($folder) = @_;
    %defines = ();
    load_grammar("$folder/domain.rng");
    return $defines{domain}{children}[0];
}

sub definition { $defines{$_[0]} // die "schema.pl: no definition $_[0]\n" }

# The name of an element or attribute: an attribute of the pattern, or a <name> in it.
sub name_of {
    my ($node) = @_;
    return $node->{name} if defined $node->{name};
    my ($first) = @{$node->{children}};
    return $first && $first->{tag} eq 'name' ? $first->{text} : undef;
}

# What every string of an enumeration says, () for anything else.
sub values_of {
    my ($node, $depth) = @_;
    return () if ($depth //= 0) > 6;
    my $tag = $node->{tag};
    return $node->{text} =~ s/^\s+|\s+$//gr if $tag eq 'value';
    return values_of(definition($node->{name}), $depth + 1) if $tag eq 'ref';
    return () unless $tag =~ /^(attribute|choice|group)$/;
    return () if $tag ne 'choice' && @{$node->{children}} > 1;
    my @found;
    for my $child (@{$node->{children}}) {
        my @values = values_of($child, $depth + 1) or return ();
        push @found, @values;
    }
    return @found;
}

sub escape_xml { $_[0] =~ s/&/&amp;/gr =~ s/</&lt;/gr =~ s/>/&gt;/gr =~ s/"/&quot;/gr }

1;
