#!/usr/bin/perl
# Answers and sends probes; says one JSON line a second. What it reads, sends and says is described in docs/probes.md.
# It needs no more of Perl than Debian's perl-base, and no power but to open sockets.
use strict;
use warnings;
use Errno qw(EAGAIN EINPROGRESS EINTR EMSGSIZE ECONNREFUSED EHOSTUNREACH ENETUNREACH EPERM EACCES EADDRINUSE ECONNRESET EPIPE ENOBUFS);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ();
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 unpack_sockaddr_in6 sockaddr_family IPPROTO_TCP IPPROTO_IPV6 TCP_NODELAY IPV6_V6ONLY);

my $version = 1;
# Upper bounds: nothing that a file or a stranger sends may make it eat a node.
my %most = (targets => 256, connections => 1024, outstanding => 512, senders => 256, events => 32, payload => 65_000, file => 262_144, line => 262_144);
my $least_every = 20;
my $idle = 30_000;
my $hello = 'XFP1';

# ---- arguments: KEY=VALUE ----

my %arg = (me => '', port => 8080, udp => '', bind => '', targets => '', token => '', every => 200, limit => 1000);
for (@ARGV) {
  my ($key, $value) = /^([a-z]+)=(.*)$/s or usage("not KEY=VALUE: $_");
  usage("unknown: $key") unless exists $arg{$key};
  $arg{$key} = $value;
}
sub usage { print STDERR "prober: $_[0]; KEY is one of ", join(', ', sort keys %arg), "\n"; exit 2 }
$arg{me} = substr($arg{me} =~ s/[^A-Za-z0-9._-]//gr, 0, 253);
$arg{token} = substr($arg{token} =~ s/[^A-Za-z0-9]//gr, 0, 16);
my $token = pack('a16', $arg{token});
$arg{$_} =~ /^\d{1,5}$/ or usage("not a number: $_") for qw(port every limit);
$arg{udp} =~ /^\d{0,5}$/ or usage('not a number: udp');

# ---- clocks, in milliseconds ----

# perl-base has no Time::HiRes: the numbers of clock_gettime by machine.
my %clock_gettime = (x86_64 => 228, aarch64 => 113, riscv64 => 113, loongarch64 => 113, ppc64le => 246, ppc64 => 246, s390x => 260, armv7l => 263, armv8l => 263, i686 => 265, i386 => 265);
my $clock_number = $clock_gettime{ (POSIX::uname())[4] };
sub clock_of {
  my ($which) = @_;
  my $spec = pack('l!2', 0, 0);
  if (defined $clock_number && syscall($clock_number, $which, $spec) == 0) {
    my ($s, $ns) = unpack('l!2', $spec);
    return $s * 1000 + $ns / 1e6;
  }
  return time() * 1000 if $which == 0;
  # A grain of 10 ms, where there is nothing better.
  open(my $uptime, '<', '/proc/uptime') or return time() * 1000;
  my ($s) = split ' ', <$uptime>;
  return $s * 1000;
}
sub mono { clock_of(1) }
sub wall { clock_of(0) }

# ---- sockets ----

my (%readers, %writers);    # fileno → what to do when it may be read or written
my ($rbits, $wbits) = ('', '');
sub on_read { my ($fh, $do) = @_; my $n = fileno $fh; $readers{$n} = $do; vec($rbits, $n, 1) = 1 }
sub on_write { my ($fh, $do) = @_; my $n = fileno $fh; $writers{$n} = $do; vec($wbits, $n, 1) = 1 }
sub off_write { my ($fh) = @_; my $n = fileno $fh; delete $writers{$n}; vec($wbits, $n, 1) = 0 }
sub forget {
  my ($fh) = @_;
  my $n = fileno $fh;
  return unless defined $n;
  delete $readers{$n}; delete $writers{$n};
  vec($rbits, $n, 1) = 0; vec($wbits, $n, 1) = 0;
  close $fh;
}

sub is_v6 { index($_[0], ':') >= 0 }
sub address {
  my ($ip, $port) = @_;
  my $family = is_v6($ip) ? AF_INET6 : AF_INET;
  my $packed = inet_pton($family, $ip);
  return undef unless defined $packed;
  return $family == AF_INET6 ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed);
}
sub open_socket {
  my ($family, $type) = @_;
  socket(my $fh, $family, $type, 0) or return undef;
  fcntl($fh, F_SETFL, fcntl($fh, F_GETFL, 0) | O_NONBLOCK);
  if ($type == SOCK_DGRAM) { dont_fragment($fh, $family) }
  else { setsockopt($fh, IPPROTO_TCP, TCP_NODELAY, 1) }
  return $fh;
}
# IP_MTU_DISCOVER (10) and IPV6_MTU_DISCOVER (23) to PROBE (3): DF is set whatever the kernel knows of the path, so that a hole stays a hole.
sub dont_fragment {
  my ($fh, $family) = @_;
  if ($family == AF_INET6) { setsockopt($fh, IPPROTO_IPV6, 23, pack('i', 3)) }
  else { setsockopt($fh, 0, 10, pack('i', 3)) }
}
sub word_of {
  my ($errno) = @_;
  return 'refused' if $errno == ECONNREFUSED;
  return 'unreachable' if $errno == EHOSTUNREACH || $errno == ENETUNREACH;
  return 'too-long' if $errno == EMSGSIZE;
  return 'denied' if $errno == EPERM || $errno == EACCES;
  return 'reset' if $errno == ECONNRESET || $errno == EPIPE;
  return 'in-use' if $errno == EADDRINUSE;
  return 'no-buffers' if $errno == ENOBUFS;
  return 'errno-' . ($errno + 0);
}

# ---- a datagram: hello, Q or A, token, flow, number, answer port, own lateness, received, length of name, name, filler ----

my $head = 'a4 a1 a16 N N n n N C';
my $head_bytes = length pack($head, $hello, 'Q', $token, 0, 0, 0, 0, 0, 0);

# ---- answering ----

my (@problems, %heard, $connections);
my ($late_now, $late_before) = (0, 0);    # how late it came to its own work, this second and the one before
sub lateness { my $ms = $late_now > $late_before ? $late_now : $late_before; return int($ms > 65_000 ? 65_000 : $ms) }

sub listen_at {
  my ($type, $port, $do, $what) = @_;
  my @hosts = $arg{bind} ne '' ? ($arg{bind}) : ('::', '0.0.0.0');
  my @open;
  for my $host (@hosts) {
    my $fh = open_socket(is_v6($host) ? AF_INET6 : AF_INET, $type) or next;
    setsockopt($fh, SOL_SOCKET, SO_REUSEADDR, 1) if $type == SOCK_STREAM;
    # One for each family: an answer then leaves from the address that was asked.
    setsockopt($fh, IPPROTO_IPV6, IPV6_V6ONLY, 1) if is_v6($host);
    my $wanted = @open && $port == 0 ? bound_port($open[0]) : $port;
    if (!bind($fh, address($host, $wanted)) || ($type == SOCK_STREAM && !listen($fh, 128))) {
      my $why = word_of($!);
      push @problems, "$what $host $why" unless $host eq '::' && $why ne 'in-use';
      close $fh;
      next;
    }
    on_read($fh, sub { $do->($fh) });
    push @open, $fh;
  }
  return @open;
}
sub bound_port {
  my ($fh) = @_;
  my $name = getsockname $fh or return 0;
  return sockaddr_family($name) == AF_INET6 ? (unpack_sockaddr_in6($name))[0] : (unpack_sockaddr_in($name))[0];
}

my $flows_heard = 0;
sub answer_datagram {
  my ($fh) = @_;
  for (1 .. 256) {
    my $from = recv($fh, my $data, 65_535, 0);
    return unless defined $from;
    next if length $data < $head_bytes;
    my ($magic, $type, $whose, $flow, $number, $answer_port, undef, undef, $name_bytes) = unpack($head, $data);
    next unless $magic eq $hello && $whose eq $token;
    # Only questions are answered: two probers never answer each other's answers.
    if ($type eq 'A') { take_answer($data); next }
    next unless $type eq 'Q';
    my $name = substr($data, $head_bytes, $name_bytes) =~ s/[^A-Za-z0-9._-]//gr;
    my $known = $heard{$name};
    $known = $heard{$name} = {} if !$known && keys %heard < $most{senders};
    my $received = 0;
    if ($known) {
      $known->{seen} = mono();
      $known->{now}++;
      # A sender that has restarted has other flows: the old ones are dropped with it.
      $known->{flows} = {} if !exists $known->{flows}{$flow} && keys %{ $known->{flows} } >= 64;
      $received = ++$known->{flows}{$flow};
    }
    my $answer = pack($head, $hello, 'A', $token, $flow, $number, 0, lateness(), $received, 0) . substr($data, $head_bytes);
    send($fh, $answer, 0, $answer_port ? with_port($from, $answer_port) : $from);
  }
}
sub with_port {
  my ($from, $port) = @_;
  return sockaddr_family($from) == AF_INET6 ? pack_sockaddr_in6($port, (unpack_sockaddr_in6($from))[1]) : pack_sockaddr_in($port, (unpack_sockaddr_in($from))[1]);
}

sub accept_all {
  my ($listener) = @_;
  for (1 .. 64) {
    accept(my $fh, $listener) or return;
    if (++$connections > $most{connections}) { $connections--; close $fh; next }
    fcntl($fh, F_SETFL, fcntl($fh, F_GETFL, 0) | O_NONBLOCK);
    setsockopt($fh, IPPROTO_TCP, TCP_NODELAY, 1);
    setsockopt($fh, SOL_SOCKET, SO_KEEPALIVE, 1);
    my $caller = { fh => $fh, in => '', out => '', until => mono() + $idle, end => 0 };
    on_read($fh, sub { serve($caller) });
    hold_caller($caller);
  }
}
my %callers;
sub hold_caller { my ($caller) = @_; $callers{ fileno $caller->{fh} } = $caller }
sub drop_caller { my ($caller) = @_; delete $callers{ fileno $caller->{fh} }; $connections--; forget($caller->{fh}) }

sub serve {
  my ($caller) = @_;
  my $got = sysread($caller->{fh}, my $data, 65_536);
  return if !defined $got && ($! == EAGAIN || $! == EINTR);
  return drop_caller($caller) unless $got;
  $caller->{in} .= $data;
  $caller->{until} = mono() + $idle;
  1 while !$caller->{end} && serve_one($caller);
  return drop_caller($caller) if length $caller->{in} > $most{payload} + 8_192;
  flush_caller($caller);
}
# One request out of what was received; false where it is not whole yet.
sub serve_one {
  my ($caller) = @_;
  if ($caller->{in} =~ /^(?:GET|HEAD) /) {
    return 0 unless $caller->{in} =~ s/^(.*?)\r?\n\r?\n//s;
    my $body = "$arg{me}\n";
    $caller->{out} .= "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    return $caller->{end} = 1;
  }
  return 0 unless $caller->{in} =~ /^([^\n]{0,200})\n/;
  my $bytes = length($1) + 1;
  my ($magic, $whose, $number, $size) = split ' ', $1;
  if (!defined $size || $magic ne $hello || $whose ne ($arg{token} || '-') || $number !~ /^\d{1,10}$/ || $size !~ /^\d{1,5}$/ || $size > $most{payload}) {
    $caller->{in} = '';
    $caller->{end} = 1;
    return 0;
  }
  return 0 if length $caller->{in} < $bytes + $size;
  $caller->{in} = substr($caller->{in}, $bytes + $size);
  $caller->{out} .= "$hello $number " . lateness() . " $size\n" . ('x' x $size);
  return 1;
}
sub flush_caller {
  my ($caller) = @_;
  my $done = write_out($caller);
  return drop_caller($caller) if !defined $done || ($done && $caller->{end});
  if ($done) { off_write($caller->{fh}) }
  else { on_write($caller->{fh}, sub { flush_caller($caller) }) }
}
# 1: all is written, 0: not yet, undef: it cannot be.
sub write_out {
  my ($end) = @_;
  while (length $end->{out}) {
    my $put = syswrite($end->{fh}, $end->{out});
    return $! == EAGAIN || $! == EINTR ? 0 : undef unless defined $put;
    substr($end->{out}, 0, $put) = '';
  }
  return 1;
}

# ---- targets ----

my (%targets, %flows, $generation, $bad, $read_text);
($generation, $bad, $read_text, $connections) = ('', 0, undef, 0);
my $next_flow = int(wall()) & 0x7fffffff;
my %kinds = (udp => \&probe_udp, tcp => \&probe_tcp, http => \&probe_tcp, connect => \&probe_tcp, dns => \&probe_udp, hold => \&probe_hold);

sub read_targets {
  return if $arg{targets} eq '';
  my $text = '';
  if (open(my $file, '<', $arg{targets})) { read($file, $text, $most{file}); close $file }
  return if defined $read_text && $text eq $read_text;
  $read_text = $text;
  ($generation, $bad) = ('', 0);
  my %wanted;
  for my $line (split /\n/, $text) {
    next if $line =~ /^\s*(#|$)/;
    if ($line =~ /^gen (\S{1,64})\s*$/) { $generation = $1 =~ s/[^A-Za-z0-9._-]//gr; next }
    my $target = parse_target($line);
    if (!$target || exists $wanted{ $target->{id} } || keys %wanted >= $most{targets}) { $bad++; next }
    $wanted{ $target->{id} } = $target;
  }
  for my $id (keys %targets) { drop_target($id) unless $wanted{$id} && $wanted{$id}{line} eq $targets{$id}{line} }
  begin_target($wanted{$_}) for grep { !$targets{$_} } sort keys %wanted;
}
# KIND ID ADDRESS PORT [KEY=VALUE …]
sub parse_target {
  my ($line) = @_;
  my ($kind, $id, $ip, $port, @more) = split ' ', $line;
  return undef unless defined $port && $kinds{$kind} && $id =~ /^[\w.:\/>-]{1,270}$/ && $port =~ /^\d{1,5}$/ && $port > 0 && $port < 65_536;
  my $to = address($ip, $port);
  return undef unless defined $to;
  my %set = (size => 0, every => $arg{every}, limit => $arg{limit}, answer => 0, path => '/', name => 'kubernetes.default.svc');
  for (@more) {
    my ($key, $value) = /^([a-z]+)=(\S+)$/ or return undef;
    return undef unless exists $set{$key} && ($key eq 'path' || $key eq 'name' || $value =~ /^\d{1,6}$/);
    $set{$key} = $value;
  }
  return undef if $set{size} > $most{payload} || $set{path} !~ m{^/[\x21-\x7e]{0,200}$} || $set{name} !~ /^[\w.-]{1,253}$/;
  $set{every} = $least_every if $set{every} < $least_every;
  $set{limit} = $set{every} if $set{limit} < $set{every};
  return { %set, kind => $kind, id => $id, ip => $ip, port => $port, to => $to, line => $line };
}
sub begin_target {
  my ($target) = @_;
  $target->{number} = 0;
  $target->{sent} = {};      # number → a probe that is neither answered nor given up
  $target->{oldest} = 1;
  $target->{highest} = 0;
  $target->{lost_in_a_row} = 0;
  $target->{lost_since} = 0;
  # A place of its own in the interval, so that probes do not leave in bursts.
  my $hash = 0;
  $hash = ($hash * 31 + ord) % 65_521 for split //, $target->{id};
  $hash = $hash * 40_503 % 65_521;
  $target->{next} = mono() + $target->{every} * ($hash / 65_521);
  new_count($target);
  open_flow($target) if $target->{kind} eq 'udp' || $target->{kind} eq 'dns';
  $targets{ $target->{id} } = $target;
}
sub drop_target {
  my ($id) = @_;
  my $target = delete $targets{$id};
  end_probe($_) for values %{ $target->{sent} };
  forget($target->{fh}) if $target->{fh};
  delete $flows{ $target->{flow} } if $target->{flow};
}
sub new_count { $_[0]{count} = { good => 0, lost => 0, sum => 0, min => undef, max => 0, reordered => 0, late => 0, gap => 0, gap_since => 0, error => '', peer => 0, heard => undef } }

# ---- what becomes of a probe ----

sub outstanding { scalar keys %{ $_[0]{sent} } }
sub is_answered {
  my ($target, $probe, $now) = @_;
  return unless delete $target->{sent}{ $probe->{number} };
  end_probe($probe);
  return is_lost($target, $probe, 'timeout') if $now - $probe->{at} > $target->{limit} + lateness();
  my $count = $target->{count};
  my $took = $now - $probe->{at};
  $count->{good}++;
  $count->{sum} += $took;
  $count->{min} = $took if !defined $count->{min} || $took < $count->{min};
  $count->{max} = $took if $took > $count->{max};
  if ($probe->{number} < $target->{highest}) { $count->{reordered}++ }
  else { $target->{highest} = $probe->{number} }
  settle($target, $probe, 1);
}
sub gave_up {
  my ($target, $probe, $error) = @_;
  return unless delete $target->{sent}{ $probe->{number} };
  end_probe($probe);
  is_lost($target, $probe, $error);
}
sub is_lost {
  my ($target, $probe, $error) = @_;
  $target->{count}{lost}++;
  $target->{count}{error} = $error;
  settle($target, $probe, 0);
}
# Gaps are told in the order of sending: one probe is settled when all before it are.
sub settle {
  my ($target, $probe, $good) = @_;
  $target->{settled}{ $probe->{number} } = [$good, $probe->{wall}];
  $target->{turn} = 1 unless defined $target->{turn};
  while (my $next = delete $target->{settled}{ $target->{turn} }) {
    $target->{turn}++;
    my ($was_good, $wall) = @$next;
    if ($was_good) { $target->{lost_in_a_row} = 0; next }
    $target->{lost_since} = $wall if $target->{lost_in_a_row} == 0;
    my $gap = ++$target->{lost_in_a_row} * $target->{every};
    next if $gap < $target->{count}{gap};
    $target->{count}{gap} = $gap;
    $target->{count}{gap_since} = $target->{lost_since};
  }
}
sub end_probe { my ($probe) = @_; if ($probe->{fh}) { forget($probe->{fh}); $probe->{fh} = undef } }

sub new_probe {
  my ($target) = @_;
  my $probe = { number => ++$target->{number}, at => mono(), wall => wall() };
  return $target->{sent}{ $probe->{number} } = $probe;
}

# ---- UDP and DNS: one socket a target ----

sub open_flow {
  my ($target) = @_;
  $target->{flow} = $next_flow = ($next_flow + 1) & 0x7fffffff;
  $flows{ $target->{flow} } = $target;
  my $fh = open_socket(is_v6($target->{ip}) ? AF_INET6 : AF_INET, SOCK_DGRAM) or return;
  if (!connect($fh, $target->{to})) { $target->{cannot} = word_of($!); close $fh; return }
  $target->{fh} = $fh;
  on_read($fh, sub { read_flow($target) });
}
sub probe_udp {
  my ($target) = @_;
  # No route when it began is no route for ever.
  if (!$target->{fh}) { delete $flows{ $target->{flow} }; open_flow($target) }
  my $probe = new_probe($target);
  return gave_up($target, $probe, $target->{cannot} // 'no-socket') unless $target->{fh};
  my $data = $target->{kind} eq 'dns' ? dns_question($target, $probe) : datagram($target, $probe);
  # An error that an earlier datagram met is told at the next one: that one is sent again.
  for my $try (1, 2) {
    return if defined send($target->{fh}, $data, 0);
    return gave_up($target, $probe, word_of($!)) if $try == 2 || $! == EMSGSIZE;
  }
}
sub datagram {
  my ($target, $probe) = @_;
  my $data = pack($head, $hello, 'Q', $token, $target->{flow}, $probe->{number}, $target->{answer}, 0, 0, length $arg{me}) . $arg{me};
  my $payload = $target->{size} - (is_v6($target->{ip}) ? 48 : 28);
  return length $data < $payload ? $data . ('x' x ($payload - length $data)) : $data;
}
sub dns_question {
  my ($target, $probe) = @_;
  my $id = $probe->{id} = ($probe->{number} * 7 + $target->{flow}) & 0xffff;
  my $name = join '', map { pack('C/a', $_) } grep { length } split /\./, $target->{name};
  return pack('n6', $id, 0x0100, 1, 0, 0, 0) . $name . pack('C n n', 0, is_v6($target->{ip}) ? 28 : 1, 1);
}
sub read_flow {
  my ($target) = @_;
  for (1 .. 64) {
    my $from = recv($target->{fh}, my $data, 65_535, 0);
    if (!defined $from) {
      return if $! == EAGAIN || $! == EINTR;
      # Of the network, not of a datagram: it names the cause of those that are not answered.
      @$target{qw(told told_at)} = (word_of($!), mono());
      next;
    }
    if ($target->{kind} eq 'dns') { take_dns($target, $data) } else { take_answer($data, $target) }
  }
}
sub take_answer {
  my ($data, $through) = @_;
  return if length $data < $head_bytes;
  my ($magic, $type, $whose, $flow, $number, undef, $late, $received) = unpack($head, $data);
  return unless $magic eq $hello && $type eq 'A' && $whose eq $token;
  my $target = $flows{$flow} or return;
  return if $through && $through != $target;
  $target->{count}{peer} = $late if $late > $target->{count}{peer};
  $target->{count}{heard} = $received;
  my $probe = $target->{sent}{$number};
  if ($probe) { is_answered($target, $probe, mono()) }
  else { $target->{count}{late}++ }
}
sub take_dns {
  my ($target, $data) = @_;
  return if length $data < 12;
  my ($id, $flags) = unpack('n2', $data);
  my ($probe) = grep { defined $_->{id} && $_->{id} == $id } values %{ $target->{sent} };
  if (!$probe) { $target->{count}{late}++; return }
  my $code = $flags & 15;
  # That there is no such name is an answer; that the server could not look is none.
  return is_answered($target, $probe, mono()) if $code == 0 || $code == 3;
  gave_up($target, $probe, "dns-$code");
}

# ---- TCP and HTTP: a connection a probe ----

sub probe_tcp {
  my ($target) = @_;
  my $probe = new_probe($target);
  open_connection($target, $probe);
}
sub open_connection {
  my ($target, $end) = @_;
  my $fh = open_socket(is_v6($target->{ip}) ? AF_INET6 : AF_INET, SOCK_STREAM) or return gave_up($target, $end, 'no-socket');
  $end->{fh} = $fh;
  # Its own server's connections end with a reset: 5 a second a pair would leave thousands of ports in TIME_WAIT.
  setsockopt($fh, SOL_SOCKET, SO_LINGER, pack('i2', 1, 0)) if $target->{kind} eq 'tcp';
  $end->{in} = '';
  $end->{out} = $target->{kind} eq 'connect' ? '' : request_of($target, $end->{number});
  if (!connect($fh, $target->{to}) && $! != EINPROGRESS) { return gave_up($target, $end, word_of($!)) }
  on_write($fh, sub { connected($target, $end) });
}
sub request_of {
  my ($target, $number) = @_;
  my $host = is_v6($target->{ip}) ? "[$target->{ip}]" : $target->{ip};
  return "GET $target->{path} HTTP/1.1\r\nHost: $host\r\nUser-Agent: crossfade-prober\r\nConnection: close\r\n\r\n" if $target->{kind} eq 'http';
  return "$hello " . ($arg{token} || '-') . " $number $target->{size}\n" . ('x' x $target->{size});
}
sub connected {
  my ($target, $end) = @_;
  my $errno = unpack('i', getsockopt($end->{fh}, SOL_SOCKET, SO_ERROR) || pack('i', 0));
  return gave_up($target, $end, word_of($errno)) if $errno;
  return is_answered($target, $end, mono()) if $target->{kind} eq 'connect';
  my $done = write_out($end);
  return gave_up($target, $end, word_of($!)) unless defined $done;
  return unless $done;
  off_write($end->{fh});
  on_read($end->{fh}, sub { read_answer($target, $end) });
}
sub read_answer {
  my ($target, $end) = @_;
  my $got = sysread($end->{fh}, my $data, 65_536);
  return if !defined $got && ($! == EAGAIN || $! == EINTR);
  return gave_up($target, $end, defined $got ? 'closed' : word_of($!)) unless $got;
  $end->{in} .= $data;
  if ($target->{kind} eq 'http') {
    return unless $end->{in} =~ m{^HTTP/1\.[01] (\d{3})};
    # Whatever the server thinks of the question, it was reached; a gateway's 5xx says that something behind it was not.
    return $1 < 500 ? is_answered($target, $end, mono()) : gave_up($target, $end, "http-$1");
  }
  my $late = whole_answer($end, $end->{number});
  return unless defined $late;
  $target->{count}{peer} = $late if $late > $target->{count}{peer};
  is_answered($target, $end, mono());
}
# The server's lateness once the answer to this number is there whole; takes it out of what was received.
sub whole_answer {
  my ($end) = @_;
  return undef unless $end->{in} =~ /^\Q$hello\E (\d{1,10}) (\d{1,5}) (\d{1,5})\n/;
  my ($number, $late, $size, $bytes) = ($1, $2, $3, $+[0]);
  return undef if length $end->{in} < $bytes + $size;
  $end->{in} = substr($end->{in}, $bytes + $size);
  $end->{answered} = $number;
  return $late;
}

# ---- one long-lived connection ----

my (@events, $more_events);
$more_events = 0;
sub note_event { if (@events < $most{events}) { push @events, { %{ $_[0] } } } else { $more_events++ } }

sub probe_hold {
  my ($target) = @_;
  my $probe = new_probe($target);
  my $held = $target->{held};
  if (!$held) {
    $held = $target->{held} = { number => 0, since => undef, opened => mono(), asked => [] };
    open_held($target, $held);
  }
  return gave_up($target, $probe, $target->{told} // 'closed') unless $target->{held};
  push @{ $held->{asked} }, $probe->{number};
  $held->{out} .= request_of($target, $probe->{number});
  flush_held($target, $held) if defined $held->{since};
}
sub open_held {
  my ($target, $held) = @_;
  my $fh = open_socket(is_v6($target->{ip}) ? AF_INET6 : AF_INET, SOCK_STREAM) or return break_held($target, 'no-socket');
  $held->{fh} = $target->{fh} = $fh;
  $held->{in} = $held->{out} = '';
  if (!connect($fh, $target->{to}) && $! != EINPROGRESS) { return break_held($target, word_of($!)) }
  on_write($fh, sub { flush_held($target, $held) });
}
sub flush_held {
  my ($target, $held) = @_;
  if (!defined $held->{since}) {
    my $errno = unpack('i', getsockopt($held->{fh}, SOL_SOCKET, SO_ERROR) || pack('i', 0));
    return break_held($target, word_of($errno)) if $errno;
    return unless getpeername $held->{fh};
    $held->{since} = $held->{heard} = mono();
    $held->{wall} = wall();
    on_read($held->{fh}, sub { read_held($target, $held) });
    note_event({ what => 'open', id => $target->{id}, at => wall(), held => 0 }) if $target->{broken};
    delete $target->{broken};
  }
  my $done = write_out($held);
  return break_held($target, word_of($!)) unless defined $done;
  if ($done) { off_write($held->{fh}) } else { on_write($held->{fh}, sub { flush_held($target, $held) }) }
}
sub read_held {
  my ($target, $held) = @_;
  my $got = sysread($held->{fh}, my $data, 65_536);
  return if !defined $got && ($! == EAGAIN || $! == EINTR);
  return break_held($target, defined $got ? 'closed' : word_of($!)) unless $got;
  $held->{in} .= $data;
  while (defined(my $late = whole_answer($held))) {
    $held->{heard} = mono();
    $target->{count}{peer} = $late if $late > $target->{count}{peer};
    my $probe = $target->{sent}{ $held->{answered} };
    if ($probe) { is_answered($target, $probe, mono()) } else { $target->{count}{late}++ }
  }
  break_held($target, 'nonsense') if length $held->{in} > $most{payload} + 8_192;
}
sub break_held {
  my ($target, $why) = @_;
  my $held = delete $target->{held} or return;
  forget($held->{fh}) if $held->{fh};
  delete $target->{fh};
  @$target{qw(told told_at)} = ($why, mono());
  # A connection that never was does not break.
  if (defined $held->{since}) {
    note_event({ what => 'broken', id => $target->{id}, at => wall(), held => mono() - $held->{since}, why => $why });
    $target->{broken} = 1;
  }
  for my $number (@{ $held->{asked} }) { my $probe = $target->{sent}{$number}; gave_up($target, $probe, $why) if $probe }
}
# Answers that never come: TCP itself would try for a quarter of an hour.
sub watch_held {
  my ($target, $now) = @_;
  my $held = $target->{held} or return;
  $held->{asked} = [grep { $target->{sent}{$_} } @{ $held->{asked} }];
  my $silent = $now - ($held->{heard} // $held->{opened});
  break_held($target, 'silent') if $silent > (defined $held->{since} ? 10 : 1) * $target->{limit} + lateness();
}

# ---- one line a second ----

my $line_number = 0;
my $boot = sprintf('%x-%x', wall(), $$);
my ($began, $pending) = (mono(), '');
sub quoted { my ($text) = @_; $text =~ s/[^\x20-\x7e]|["\\]//g; return qq("$text") }
sub in_ms { return sprintf('%.1f', $_[0]) + 0 }
sub count_line {
  my ($target) = @_;
  my $count = $target->{count};
  my @parts = ('"id":' . quoted($target->{id}), '"good":' . $count->{good}, '"lost":' . $count->{lost});
  push @parts, '"ms":[' . join(',', in_ms($count->{min}), in_ms($count->{sum} / $count->{good}), in_ms($count->{max})) . ']' if $count->{good};
  push @parts, '"gap":[' . $count->{gap} . ',' . int($count->{gap_since}) . ']' if $count->{gap};
  push @parts, '"run":' . $target->{lost_in_a_row} if $target->{lost_in_a_row};
  push @parts, '"reordered":' . $count->{reordered} if $count->{reordered};
  push @parts, '"late":' . $count->{late} if $count->{late};
  push @parts, '"peer":' . $count->{peer} if $count->{peer} >= 50;
  push @parts, '"heard":[' . $target->{number} . ',' . $count->{heard} . ']' if defined $count->{heard} && $count->{lost};
  push @parts, '"error":' . quoted($count->{error}) if $count->{error} ne '';
  new_count($target);
  return '{' . join(',', @parts) . '}';
}
sub say_line {
  my ($now) = @_;
  my @in = map { my $known = $heard{$_}; my $n = $known->{now} // 0; $known->{now} = 0; $n ? '[' . quoted($_) . ",$n]" : () } sort keys %heard;
  for my $name (keys %heard) { delete $heard{$name} if $now - $heard{$name}{seen} > 120_000 }
  my @told = map { my $e = $_; '{' . join(',', '"what":' . quoted($e->{what}), '"id":' . quoted($e->{id}), '"at":' . int($e->{at}), '"held":' . int($e->{held}), defined $e->{why} ? '"why":' . quoted($e->{why}) : ()) . '}' } @events;
  my @parts = ('"crossfade":' . $version, '"me":' . quoted($arg{me}), '"boot":' . quoted($boot), '"line":' . ++$line_number, '"at":' . int(wall()), '"gen":' . quoted($generation), '"stall":' . int($late_now));
  push @parts, '"bad":' . $bad if $bad;
  push @parts, '"problems":[' . join(',', map { quoted($_) } @problems[0 .. ($#problems > 7 ? 7 : $#problems)]) . ']' if @problems;
  push @parts, '"to":[' . join(',', map { count_line($targets{$_}) } sort keys %targets) . ']';
  push @parts, '"from":[' . join(',', @in) . ']' if @in;
  push @parts, '"events":[' . join(',', @told) . ']' if @told;
  push @parts, '"more":' . $more_events if $more_events;
  (@events, $more_events) = ();
  $more_events = 0;
  ($late_before, $late_now) = ($late_now, 0);
  put_out('{' . join(',', @parts) . "}\n");
}
# Whoever does not read must not stop the probing: what does not fit is dropped whole, and the line's number tells.
sub put_out {
  my ($line) = @_;
  $pending .= $line if length($pending) + length($line) <= $most{line} || $pending eq '';
  while (length $pending) {
    my $put = syswrite(STDOUT, $pending);
    if (!defined $put) { exit 0 if $! == EPIPE; return }
    substr($pending, 0, $put) = '';
  }
}

# ---- the loop ----

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK);

my @tcp = listen_at(SOCK_STREAM, $arg{port}, \&accept_all, "tcp $arg{port}");
my $udp_port = $arg{udp} ne '' ? $arg{udp} : $arg{port};
my @udp = listen_at(SOCK_DGRAM, $udp_port, \&answer_datagram, "udp $udp_port");
# Where the system chose the ports, whoever started it wants to know them.
printf STDERR "ports tcp %d udp %d\n", @tcp ? bound_port($tcp[0]) : 0, @udp ? bound_port($udp[0]) : 0;

sub send_due {
  my ($now) = @_;
  for my $target (values %targets) {
    next if $target->{next} > $now;
    my $behind = $now - $target->{next};
    $late_now = $behind if $behind > $late_now;
    # What was missed is not made up for: a burst would measure itself.
    $target->{next} += $target->{every} * (1 + int($behind / $target->{every}));
    next if outstanding($target) >= $most{outstanding};
    $kinds{ $target->{kind} }->($target);
  }
}
sub give_up_due {
  my ($now) = @_;
  my $slack = lateness();
  for my $target (values %targets) {
    watch_held($target, $now) if $target->{kind} eq 'hold';
    # In the order of sending; those that were answered are not there any more.
    for (; $target->{oldest} <= $target->{number}; $target->{oldest}++) {
      my $probe = $target->{sent}{ $target->{oldest} } or next;
      last if $now - $probe->{at} <= $target->{limit} + $slack;
      gave_up($target, $probe, defined $target->{told} && $target->{told_at} >= $probe->{at} ? $target->{told} : 'timeout');
    }
  }
}
sub drop_idle { my ($now) = @_; for my $caller (values %callers) { drop_caller($caller) if $caller->{until} < $now } }

my ($next_line, $next_read, $next_give_up) = ($began + 1000, $began, $began);
while (1) {
  my $now = mono();
  if ($now >= $next_read) { read_targets(); $next_read = $now + 500 }
  send_due($now);
  # Ready answers are read before anything is given up: what waits in a socket was not lost, whoever was late.
  my $wait = $next_line < $next_read ? $next_line : $next_read;
  for (values %targets) { $wait = $_->{next} if $_->{next} < $wait }
  my $asleep = mono();
  $wait = $wait > $asleep ? $wait - $asleep : 0;
  my ($r, $w) = ($rbits, $wbits);
  my $ready = select($r, $w, undef, $wait / 1000);
  my $overslept = mono() - $asleep - $wait;
  $late_now = $overslept if $overslept > $late_now;
  if ($ready > 0) {
    for my $n (grep { vec($r, $_, 1) } keys %readers) { my $do = $readers{$n}; $do->() if $do }
    for my $n (grep { vec($w, $_, 1) } keys %writers) { my $do = $writers{$n}; $do->() if $do }
  }
  $now = mono();
  # A grain of 20 ms is enough for what is given up.
  if ($now >= $next_give_up) { give_up_due($now); $next_give_up = $now + 20 }
  if ($now >= $next_line) {
    my $behind = $now - $next_line;
    $late_now = $behind if $behind > $late_now;
    $next_line += 1000 * (1 + int($behind / 1000));
    drop_idle($now);
    say_line($now);
  }
}
