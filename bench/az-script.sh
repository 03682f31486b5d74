#!/usr/bin/env bash
# What a careful engineer would write to do by hand what zdd-action does: the measure that docs/speed.md compares it with.
#
# It moves visitors in the same order and loses no request of theirs. It proves nothing, records nothing, cannot be killed and run again,
# takes one database and one app, and trusts that nobody else is at work. Do not use it for more than to measure.
#
# Needs az (signed in) and sqlcmd, and in the environment:
#   GROUP, APP, SERVER, DATABASE   what is deployed to, and its database
#   LIVE_PACKAGE, NEW_PACKAGE      zip files of the build that production runs, and of the new one
#   CONNECTION_NAME, CONNECTION    name of the app's connection string, and its value with {database} in place of the database
#   READONLY_SETTING               an app setting that keeps the live build from writing, such as SHOP_READ_ONLY=true
#   HEALTH_PATH                    such as /health
#   RUNNER_IP                      the address from which SQL is reached
#   SQLCMDUSER, SQLCMDPASSWORD     how sqlcmd signs in
set -euo pipefail

COPY="$DATABASE-copy"
HOST=$(az sql server show -g "$GROUP" -n "$SERVER" --query fullyQualifiedDomainName -o tsv)

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }
sql() { sqlcmd -S "$HOST" -d "$1" -h -1 -W -b -Q "$2"; }
web() { az webapp "$@" -g "$GROUP" -n "$APP" -o none; }
host_of() { az webapp show -g "$GROUP" -n "$APP" ${1:+--slot "$1"} --query defaultHostName -o tsv; }
healthy() { until curl -fsS -m 10 -o /dev/null "https://$1$HEALTH_PATH" 2>/dev/null; do sleep 1; done; }

say 'A copy of the database that nobody writes to'
az sql server firewall-rule create -g "$GROUP" -s "$SERVER" -n by-hand --start-ip-address "$RUNNER_IP" --end-ip-address "$RUNNER_IP" -o none
az sql db copy -g "$GROUP" -s "$SERVER" -n "$DATABASE" --dest-name "$COPY" -o none
sql "$COPY" "ALTER DATABASE [$COPY] SET READ_ONLY WITH ROLLBACK IMMEDIATE"

say 'The live build on the copy, the new build stopped'
for slot in copy new; do
  web deployment slot create --slot "$slot" --configuration-source "$APP"
done
web stop --slot new
# WebJobs run in a stopped app, too, and these would already work on the original.
web config appsettings set --slot new --settings WEBJOBS_STOPPED=1
web config connection-string set --slot copy -t SQLAzure --settings "$CONNECTION_NAME=${CONNECTION//'{database}'/$COPY}"
web config appsettings set --slot copy --settings "$READONLY_SETTING"
web deploy --slot copy --src-path "$LIVE_PACKAGE" --type zip
web deploy --slot new --src-path "$NEW_PACKAGE" --type zip --restart false
STAGED=$(host_of new)
healthy "$(host_of copy)"

say 'Visitors to the copy'
web deployment slot swap --slot copy --target-slot production
MOVED=$(az webapp show -g "$GROUP" -n "$APP" --query slotSwapStatus.timestampUtc -o tsv)
# Both builds were seen to answer for 23 s: who stops the old one before sends visitors away.
while [ "$(date -u +%s)" -lt $(($(date -u -d "${MOVED%%.*}Z" +%s) + 25)) ]; do sleep 1; done

say 'Nobody writes to the original any more'
web stop --slot copy
# WebJobs go on when their app is stopped.
for job in $(az webapp webjob continuous list -g "$GROUP" -n "$APP" --slot copy --query '[].name' -o tsv); do
  web webjob continuous stop --slot copy --webjob-name "${job##*/}"
done
sql "$DATABASE" "SELECT program_name FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND database_id = DB_ID() AND session_id <> @@SPID"
until sql "$DATABASE" "ALTER DATABASE [$DATABASE] SET READ_ONLY WITH NO_WAIT"; do sleep 1; done
say "Rollback point: $(sql "$DATABASE" 'SELECT SYSUTCDATETIME()')"
sql "$DATABASE" "ALTER DATABASE [$DATABASE] SET READ_WRITE WITH ROLLBACK IMMEDIATE"

say 'The new build updates the original'
web config appsettings set --slot new --settings WEBJOBS_STOPPED=0
web start --slot new
healthy "$STAGED"

say 'Visitors to the new build'
web deployment slot swap --slot new --target-slot production

say 'What is left over'
web stop --slot new
web deployment slot delete --slot copy
web deployment slot delete --slot new
az sql db delete -g "$GROUP" -s "$SERVER" -n "$COPY" --yes -o none
az sql server firewall-rule delete -g "$GROUP" -s "$SERVER" -n by-hand -o none
say 'Done'
