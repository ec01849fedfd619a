#!/bin/sh
# Installs the programs that `npm run test:foreign` drives and npm cannot bring, on Debian and its relatives; wants root.
# It may run again at any time: what is installed stays as it is. No service of these packages is started.
set -eu

programs='nginx-light caddy pgbouncer postgresql openssl podman runc netavark aardvark-dns nftables podman-compose debootstrap zsh fish'

missing=''
for name in $programs; do
  dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing="$missing $name"
done
if [ -z "$missing" ]; then
  echo "Installed already: $programs"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "Run this as root; missing:$missing" >&2
  exit 1
fi

# The maintainer scripts of Debian packages ask this file whether a service may start; 101 means no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "Installing:$missing"
apt-get update --quiet --quiet
# shellcheck disable=SC2086 # The list is words.
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends $missing
# Services that were enabled would start with the next boot, and nginx and Caddy would take ports 80 and 443.
if command -v systemctl >/dev/null; then
  for unit in nginx caddy pgbouncer; do
    case "$missing " in *" $unit"[-\ ]*) systemctl disable --quiet "$unit.service" || true ;; esac
  done
fi
echo "Installed:$missing"
