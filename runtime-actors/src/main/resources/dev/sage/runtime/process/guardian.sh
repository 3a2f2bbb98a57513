# Ends the processes of a JVM that has died. The input is a pipe of that JVM, and the end of it the JVM's death. $1 is what
# the marks of the JVM's processes begin with; it also names the first process of each session, for some programs write
# their title over their environment. Needs grep with -z, as GNU's and Busybox's.

trap '' HUP INT TERM
cd /
prefix=$1
firsts=' '

without() {
  kept=' '
  for one in $firsts; do
    case $one in $1) ;; *) kept="$kept$one " ;; esac
  done
  firsts=$kept
}

while read -r what process; do
  case $what in
    watch) firsts="$firsts$process " ;;
    forget) without "$process" ;;
    bye) exit 0 ;;
  esac
done

# Sets `found` to the numbers of all that are left: with a mark, in the session of a first process, found before, or a
# child of one of these. `seen` has what was ever found, as NUMBER:TICKS.
seen=' '
look() {
  found=' '
  for file in $(grep -lzE "^SAGE_OWNER=(.*;)?$prefix" /proc/[0-9]*/environ 2>/dev/null); do
    file=${file#/proc/}
    found="$found${file%/environ} "
  done
  table=
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    pid=${line%% *}
    # State, parent, group, session, and the ticks as the 20th, behind a name that may contain anything.
    set -- ${line##*) }
    [ $# -ge 20 ] && [ "$1" != Z ] && [ "$1" != X ] || continue
    process=$pid:${20}
    case $firsts in
      *" $process "*) ;;
      # Its number was given to another process: its session has ended.
      *" $pid:"*) without "$pid:*" ;;
    esac
    case $seen in *" $process "*) found="$found$pid " ;; esac
    table="$table $process:$2:$4"
  done
  grown=yes
  while [ "$grown" ]; do
    grown=
    for row in $table; do
      pid=${row%%:*} session=${row##*:}
      parent=${row%:*} parent=${parent##*:}
      case $found in
        *" $pid "*) continue ;;
        *" $parent "*) found="$found$pid " grown=yes ;;
        *) case $firsts in *" $session:"*) found="$found$pid " grown=yes ;; esac ;;
      esac
    done
  done
  for row in $table; do
    case $found in *" ${row%%:*} "*) seen="$seen${row%:*:*} " ;; esac
  done
}

pause() {
  sleep 0.1 2>/dev/null || sleep 1
}

look
if [ "$found" != ' ' ]; then
  kill -TERM $found 2>/dev/null
  for round in 1 2 3; do
    pause
    look
    [ "$found" != ' ' ] || break
  done
fi

# What the JVM was just spawning may appear a moment later. What cannot be killed is not waited for without end.
quiet=0 rounds=0
while [ $quiet -lt 3 ] && [ $rounds -lt 100 ]; do
  look
  if [ "$found" = ' ' ]; then
    quiet=$((quiet + 1))
  else
    quiet=0
    kill -KILL $found 2>/dev/null
  fi
  rounds=$((rounds + 1))
  pause
done
