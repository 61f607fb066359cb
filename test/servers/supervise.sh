#!/bin/sh
# Runs the Postfix and the Dovecot of one test, configured in the directory $1, until standard input ends: when the
# test asks for it, and also when the process of the test is killed. Leaves neither process nor file behind.
set -u
dir=$1
trap '' INT HUP TERM
exec 2> "$dir/supervise.log"

dovecot -F -c "$dir/dovecot.conf" &
dovecot=$!
(
  postfix -c "$dir/postfix" start-fg
  echo "postfix ended with $?"
) &

cat > /dev/null

postfix -c "$dir/postfix" stop
kill "$dovecot"
wait
rm -rf "$dir"
