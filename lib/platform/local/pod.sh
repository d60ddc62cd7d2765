#!/bin/sh
# Runs one pod in its run folder (the working directory) and records its end, whether or not a worker lives.
#   pod.sh supervise <proc|ps> <replica index> <command …>
# "supervise" stays beside the program until it ends; "run" becomes the program.
set -u
role=$1
method=$2
index=$3
shift 3

# A pid alone may be reused: together with the kernel's start time it names one process for ever.
identify() {
  if [ "$method" = proc ]; then
    read -r boot </proc/sys/kernel/random/boot_id || exit 1
    read -r stat <"/proc/$1/stat" || exit 1
    set -- ${stat##*) }
    identity=$boot:${20}
  else
    set -- $(LC_ALL=C TZ=UTC0 ps -o lstart= -p "$1")
    identity=$1-$2-$3-$4-$5
  fi
}

refuse() {
  echo "Not started: $1"
  exit 0
}

case $role in
supervise)
  sh "$0" run "$method" "$index" "$$" "$@" </dev/null >>log 2>&1 &
  # Only now, so that the program does not inherit ignored signals.
  trap '' HUP INT TERM
  wait $!
  # The record's time of writing is the end. On a full disk an empty record still tells it.
  echo $? >exit.tmp
  mv exit.tmp exit
  ;;
run)
  supervisor=$1
  shift
  [ "$PPID" = "$supervisor" ] || refuse "its supervisor is gone, so its end could not be recorded."
  identify "$supervisor"
  claim="$supervisor $identity"
  identify $$
  # exec below keeps pid and start time, so the claim is true before the program exists. ln is exclusive: a run that a
  # worker has written off already cannot come to life late.
  echo "$$ $identity $claim" >claim.tmp
  ln claim.tmp claim || refuse "this run was given up already."
  rm claim.tmp
  # Looked at after the claim is there to see: whoever stops or closes first writes that down, then looks for claims.
  # So each pod either sees it here or is seen there.
  [ ! -e stop ] || refuse "it was stopped before it began."
  [ ! -e ../../gate-closed ] || refuse "the account is closed for new pods."
  read -r spec <../spec.json || refuse "spec.json cannot be read."
  wanted=${spec#'{"wantedReplicas":'}
  wanted=${wanted%%,*}
  [ "$index" -lt "$wanted" ] || refuse "replica $index is not wanted any more."
  # The record's time of writing is the start.
  : >started
  exec "$@"
  ;;
esac
