#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# harmless.pl: of the lines that powers gives, those that ask for no power, each place
# once, with the kinds of device that it is harmless in; with --unknown the places that are
# never known, whatever they stand in, without what lies below them.
use strict;
use warnings;

my $unknown = ($ARGV[0] // '') eq '--unknown';
my %verdicts;    # of a place: the contexts that are harmless, those that are not

while (my $line = <STDIN>) {
    chomp $line;
    my ($path, $context, $powers) = split /\t/, $line;
    my $is = $unknown ? $powers =~ /\bunknown\b/ : $powers eq '-';
    push @{$verdicts{$path}[$is ? 0 : 1]}, {map { split /=/, $_, 2 } split / /, $context};
}

sub values_in {
    my ($key, @contexts) = @_;
    my %values = map { $_->{$key} // '' => 1 } @contexts;
    return \%values;
}

# "disk@device=cdrom|disk": for each kind the values, where it takes some of them only.
sub condition {
    my ($yes, $no) = @_;
    return {} unless @{$no // []};
    my %keys = map { $_ => 1 } map { keys %$_ } @$yes, @$no;
    my %of = map { $_ => values_in($_, @$yes) } keys %keys;
    my @left = @$no;
    my %needed;
    for my $key (sort { keys %{$of{$a}} <=> keys %{$of{$b}} || $a cmp $b } keys %keys) {
        my @rest = grep { $of{$key}{$_->{$key} // ''} } @left;
        next if @rest == @left;
        @left = @rest;
        $needed{$key} = join '|', grep { length } sort keys %{$of{$key}};
    }
    $needed{'?'} = 'sometimes' if @left;
    return \%needed;
}

if ($unknown) {
    my %never = map { $_ => 1 } grep { !$verdicts{$_}[1] } keys %verdicts;
    print map { s{^/domain}{}r . "\n" } grep { !$never{s{/[^/]*$}{}r} } sort keys %never;
    exit;
}

my %conditions = map { $_ => condition(@{$verdicts{$_}}) } grep { $verdicts{$_}[0] } keys %verdicts;

# What the attribute itself says of its values need not be said of all that lies below.
sub is_said_above {
    my ($path, $key, $values) = @_;
    my ($element, $attribute) = split /@/, $key;
    return 0 unless defined $attribute && $path =~ m{^(.*?/\Q$element\E)(/|$)};
    my $own = "$1/\@$attribute";
    return $own ne $path && ($conditions{$own}{$key} // '') eq $values;
}

for my $path (sort keys %conditions) {
    my $condition = $conditions{$path};
    my @said = grep { !is_said_above($path, $_, $condition->{$_}) } sort keys %$condition;
    print join(' ', $path =~ s{^/domain}{}r, map { $_ eq '?' ? '?' : "$_=$condition->{$_}" } @said), "\n";
}
