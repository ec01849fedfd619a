#!/bin/sh
# Makes the base image of test/foreign/containers.test.ts where no registry of images can be reached: Debian with Node and npm, laid out as
# in the official Node image. Needs root, podman and debootstrap. The first argument is the Node binary to install.
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
# The container trusts the certificate authorities of this machine.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/var/cache/apt/archives" "$root/var/lib/apt/lists"
tar --create --directory "$root" . |
  podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$image" >/dev/null
echo "Made $image"
