#!/bin/sh
# Makes the image that test/foreign/containers.test.ts builds on, where no registry of images can be reached: Debian with Node and
# npm, laid out as in the official Node image. Wants root, podman and debootstrap. The first argument is the Node to put in.
set -eu

image=localhost/doorward-test-base
node=$(readlink -f "${1:-$(command -v node)}")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
. /etc/os-release

root=$(mktemp --directory)
trap 'rm -rf --one-file-system "$root"' EXIT
echo "Making $image from Debian $VERSION_CODENAME and Node $("$node" --version)"
debootstrap --variant=minbase --include=ca-certificates,libatomic1 "$VERSION_CODENAME" "$root" >/dev/null
install "$node" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -R "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
# Whom this machine believes, the container believes as well.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/var/cache/apt/archives" "$root/var/lib/apt/lists"
tar --create --directory "$root" . |
  podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$image" >/dev/null
echo "Made $image"
