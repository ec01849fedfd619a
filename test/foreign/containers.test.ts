// The image and the compose file of deploy/, built and run with the real podman. Without an image to build on, nothing is run here, and
// test/recipes.test.ts alone reads both files.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { freePort, temporaryFolder } from '../support/databases.ts'
import { signIn } from '../support/doors.ts'
import { buildCaddy, buildDoorward, findBaseImage, podmanWith, UNIQUE } from './containers.ts'
import type { Podman } from './containers.ts'
import { setUpThrough, setupLink } from './first-admin.ts'
import { HttpsClient } from './https-client.ts'
import { recipeWith, waitUntil } from './programs.ts'
import { HOST } from './proxies.ts'

const NO_BASE =
  'Not run: no base image. Pull the one of deploy/Containerfile, name one in CONTAINER_TEST_BASE_IMAGE, or run scripts/foreign-base-image.sh.'

test('the image runs as an ordinary user on a read-only file system, holds only what runs, and stops when asked', async (t) => {
  const podman = podmanWith()
  const base = findBaseImage(podman)
  if (base === undefined) return t.diagnostic(NO_BASE)
  const image = buildDoorward(t, podman, base)
  const megabytes = (name: string): number => Number(podman('image', 'inspect', '--format={{.Size}}', name)) / 1e6
  t.diagnostic(`Doorward adds ${Math.round(megabytes(image) - megabytes(base))} MB to its base image.`)

  const name = `${UNIQUE}-alone`
  const hardened = ['--read-only', '--cap-drop=all', '--security-opt=no-new-privileges']
  podman('run', '--detach', `--name=${name}`, ...hardened, `--env=DOORWARD_PUBLIC_URL=https://${HOST}`, image)
  t.after(() => podman('rm', '--force', '--volumes', name))
  await waitUntil(() => Promise.resolve(isHealthy(podman, name)))

  const inside = (script: string): string => podman('exec', name, 'sh', '-c', script).trim()
  assert.equal(inside('id -u'), '1000')
  assert.equal(inside('stat -c %a /data/keyring.json'), '600')
  assert.equal(inside('command -v npm npx || true'), '')
  assert.equal(
    inside('ls /opt/doorward/node_modules | grep -xE "typescript|playwright-core|oxlint|rolldown" || true'),
    '',
  )
  assert.equal(inside('ls -d /opt/doorward/src /opt/doorward/test /source 2>/dev/null || true'), '')
  assert.match(inside('doorward user list 2>&1'), /no users/)

  podman('stop', '--time=60', name)
  assert.equal(podman('inspect', '--format={{.State.ExitCode}}', name).trim(), '0')
})

test('the compose file serves https through Caddy, and Doorward sees the client and not Caddy', async (t) => {
  const podman = podmanWith({ SITE: HOST })
  const base = findBaseImage(podman)
  if (base === undefined) return t.diagnostic(NO_BASE)
  const images = { doorward: buildDoorward(t, podman, base), caddy: await buildCaddy(t, podman, base) }
  const { port, container } = await composeUp(t, podman, images)
  await waitUntil(() => Promise.resolve(isHealthy(podman, container('doorward'))))
  await waitUntil(() => Promise.resolve(certificateOf(podman, container('caddy')) !== undefined))

  const ca = certificateOf(podman, container('caddy')) ?? ''
  const client = new HttpsClient({ port, host: HOST, ca, from: '127.0.0.1' })
  const root = await setUpThrough(client, await setupLink({ stderr: () => podman.logs(container('doorward')) }))
  const token = await signIn(client, root)
  const spoofed = { 'x-forwarded-for': '203.0.113.7' }
  const me = await client.ask('GET', '/users/me', { token, headers: spoofed })
  assert.deepEqual([me.status, me.body['username']], [200, 'root'])
  const guessed = { payload: { username: 'root', password: 'a wrong password' }, headers: spoofed }
  assert.equal((await client.ask('POST', '/attempts', guessed)).status, 401)

  const events = await client.ask('GET', '/audit-events?limit=200', { token })
  const items = events.body['items'] as { details: { address?: string } | null }[]
  const addresses = new Set(items.flatMap(({ details }) => details?.address ?? []))
  addresses.delete('local')
  assert.equal(addresses.size, 1, [...addresses].join())
  for (const address of addresses) assert.doesNotMatch(address, /^10\.231\.17\.|^203\.0\.113\.7$/)
})

interface Composed {
  /** Where Caddy speaks https on this machine. */
  readonly port: number
  /** The name of the container of a service. */
  readonly container: (service: string) => string
}

async function composeUp(
  t: TestContext,
  podman: Podman,
  images: { readonly doorward: string; readonly caddy: string },
): Promise<Composed> {
  const folder = await temporaryFolder(t)
  const [port, plainPort] = [await freePort(), await freePort()]
  const compose = recipeWith('compose.yaml', [
    ['    build:\n      context: ..\n      dockerfile: deploy/Containerfile\n', `    image: ${images.doorward}\n`],
    ['docker.io/library/caddy:2.10.2-alpine', images.caddy],
    ["'80:80'", `'127.0.0.1:${plainPort}:80'`],
    ["'443:443'", `'127.0.0.1:${port}:443'`],
    ["'443:443/udp'", `'127.0.0.1:${port}:443/udp'`],
  ])
  const file = join(folder, 'compose.yaml')
  writeFileSync(file, compose)
  const local = '\tlocal_certs\n\tskip_install_trust\n\tservers {\n'
  writeFileSync(join(folder, 'Caddyfile'), recipeWith('Caddyfile', [['\tservers {\n', local]]))
  const project = ['--file', file, '--project-name', UNIQUE]
  t.after(() => podman.compose(...project, 'down', '--volumes'))
  podman.compose(...project, 'up', '--detach')
  return { port, container: (service) => `${UNIQUE}_${service}_1` }
}

/** The check that the image declares, which its platform runs now and then. */
function isHealthy(podman: Podman, container: string): boolean {
  try {
    podman('healthcheck', 'run', container)
    return true
  } catch {
    return false
  }
}

/** The root certificate that Caddy made for itself, once it has. */
function certificateOf(podman: Podman, container: string): string | undefined {
  try {
    return podman('exec', container, 'cat', '/data/caddy/pki/authorities/local/root.crt')
  } catch {
    return undefined
  }
}
