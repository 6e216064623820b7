#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# contexts.pl FOLDER: of every element and attribute that libvirt's schema in FOLDER has,
# in each place and beside each value of the attributes that give a device its kind, a
# domain that holds it and nothing else. A line each: PATH, CONTEXT, the XML, by tabs.
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/schema.pl";

my $kind = qr/^(type|mode|device|model)$/;
my (%seen, %count);

# The patterns that a sequence is made of, the definitions that it names opened.
sub sequence {
    my ($stack, @nodes) = @_;
    my @found;
    for my $node (@nodes) {
        my $tag = $node->{tag};
        if ($tag eq 'ref') {
            next if grep { $_ eq $node->{name} } @$stack;
            my $inside = definition($node->{name});
            push @found, sequence([@$stack, $node->{name}], $inside);
        } elsif ($tag =~ /^(group|interleave|optional|zeroOrMore|oneOrMore)$/) {
            push @found, sequence($stack, @{$node->{children}});
        } else {
            push @found, [$node, $stack];
        }
    }
    return @found;
}

# Each way to choose the attributes of kind that stand in @items: lists of [name, value].
sub kinds {
    my ($given, @items) = @_;
    my @ways = {%$given};
    for my $item (@items) {
        my ($node) = @$item;
        my $name = $node->{tag} eq 'attribute' ? name_of($node) : undef;
        next unless defined $name && $name =~ $kind && !exists $given->{$name};
        my @values = values_of($node);
        next unless @values;
        @ways = map { my $way = $_; map { +{%$way, $name => $_} } @values } @ways;
    }
    return @ways;
}

# what(PATTERNS, CHAIN, ATTRIBUTES): visits what an element may hold.
sub visit {
    my ($items, $chain, $given) = @_;
    for my $way (kinds($given, @$items)) {
        for my $item (@$items) {
            my ($node, $stack) = @$item;
            my @here = (@$chain[0 .. $#$chain - 1], [$chain->[-1][0], $way, $chain->[-1][2]]);
            if ($node->{tag} eq 'choice') {
                visit([sequence($stack, $_)], \@here, $way) for @{$node->{children}};
            } elsif ($node->{tag} eq 'attribute') {
                emit_attribute(\@here, $node);
            } elsif ($node->{tag} eq 'element') {
                enter(\@here, $node, $stack);
            }
        }
    }
}

sub enter {
    my ($chain, $node, $stack) = @_;
    my $name = name_of($node) // return;
    my @items = sequence($stack, @{$node->{children}});
    return if grep { $_->[0]{tag} eq 'notAllowed' } @items;
    my @here = (@$chain, [$name, {}, $node->{ns}]);
    my $text = grep { $_->[0]{tag} =~ /^(text|data|value|choice)$/ && holds_text($_->[0]) } @items;
    emit(\@here, undef, undef, $text);
    visit(\@items, \@here, {});
    for my $way (kinds({}, @items)) {
        emit([@$chain, [$name, $way, $node->{ns}]], undef, undef, $text);
    }
}

sub holds_text {
    my ($node, $depth) = @_;
    return 1 if $node->{tag} =~ /^(text|data|value)$/;
    return 0 if $node->{tag} !~ /^(choice|group|optional|ref)$/ || ($depth // 0) > 6;
    my @inside = $node->{tag} eq 'ref' ? definition($node->{name}) : @{$node->{children}};
    return scalar grep { holds_text($_, ($depth // 0) + 1) } @inside;
}

sub emit_attribute {
    my ($chain, $node) = @_;
    my $name = name_of($node) // return;
    my @values = values_of($node);
    emit($chain, $name, $_) for @values ? @values : '/etc/shadow';
}

sub emit {
    my ($chain, $attribute, $value, $text) = @_;
    my ($before, $after, $path) = ('', '', '');
    my @context;
    for my $i (0 .. $#$chain) {
        my ($name, $attributes, $ns) = @{$chain->[$i]};
        my %have = %$attributes;
        $have{$attribute} = $value if $i == $#$chain && defined $attribute;
        $have{type} //= 'kvm' if $i == 0;
        my $xmlns = $ns ? ' xmlns' . ($name =~ /^(.*):/ ? ":$1" : '') . "=\"$ns\"" : '';
        $before .= "<$name$xmlns" . join('', map { " $_=\"" . escape_xml($have{$_}) . '"' } sort keys %have) . '>';
        $after = "</$name>$after";
        $path .= "/$name";
        push @context, map { "$name\@$_=$have{$_}" } grep { $i > 0 } sort keys %have;
    }
    $path .= "/\@$attribute" if defined $attribute;
    @context = grep { !/=\/etc\/shadow$/ } @context;
    my $xml = $before . ($text ? '/etc/shadow' : '') . $after;
    return if $seen{$xml . $path}++;
    print join("\t", $path, join(' ', @context), $xml), "\n";
}

my $domain = load_schema($ARGV[0] // '/usr/share/libvirt/schemas');
my @items = sequence([], @{$domain->{children}});
visit([grep { $_->[0]{tag} ne 'attribute' || name_of($_->[0]) ne 'type' } @items], [['domain', {}]], {type => 'kvm'});
