#!/bin/sh
# Installs, on Debian and its derivatives, the programs of `npm run test:foreign` that npm cannot install. Needs root. It can run again at
# any time: installed packages stay unchanged. No service of these packages is started.
set -eu

programs='nginx-light caddy haproxy pgbouncer postgresql openssl podman runc netavark aardvark-dns nftables podman-compose debootstrap zsh fish python3-fastapi python3-python-multipart uvicorn python3-authlib python3-requests apache2 libapache2-mod-auth-openidc miniflux oidc-agent-cli opkssh'

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

# The maintainer scripts of Debian packages run this file to ask whether a service may start; 101 means no.
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
# Enabled services would start at the next boot, and nginx, Caddy and Apache would take ports 80 and 443.
if command -v systemctl >/dev/null; then
  for unit in nginx caddy haproxy pgbouncer apache2 miniflux; do
    case "$missing " in *" $unit"[-\ ]*) systemctl disable --quiet "$unit.service" || true ;; esac
  done
fi
echo "Installed:$missing"
