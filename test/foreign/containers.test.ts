// The image, the compose file and the service of deploy/, run with the real podman, the service with the real systemd in it. Without
// a base image these tests run nothing, and test/recipes.test.ts alone reads both files.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'

import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { blockBelow, readPage } from '../support/documentation/markdown.ts'
import { signIn } from '../support/server/server-client.ts'
import { waitUntil } from '../support/server/started-program.ts'
import { BUILDS_WITHIN, findBaseImage, Images, podmanWith, UNIQUE } from './containers.ts'
import { setupLink, setUpThrough } from './first-admin.ts'
import { HttpsClient } from './https-client.ts'
import { recipeWith } from './programs.ts'
import { HOST } from './proxies.ts'

const NO_BASE =
  'Not run: no base image. Pull the one of deploy/Containerfile, name one in CONTAINER_TEST_BASE_IMAGE, or run scripts/foreign-base-image.sh.'

const podman = podmanWith({ SITE: HOST })
const base = findBaseImage(podman)
const images = base === undefined ? undefined : new Images(podman, base)

after(() => images?.remove())

test(
  'the image runs as an ordinary user on a read-only file system, holds only what runs, and stops when asked',
  { timeout: BUILDS_WITHIN },
  async (t) => {
    if (images === undefined) return t.diagnostic(NO_BASE)
    const image = images.doorward()
    const megabytes = Number(podman('image', 'inspect', '--format={{.Size}}', image)) / 1e6
    t.diagnostic(`The image has ${Math.round(megabytes)} MB with its base image.`)

    const name = `${UNIQUE}-alone`
    const hardened = ['--read-only', '--cap-drop=all', '--security-opt=no-new-privileges']
    podman('run', '--detach', `--name=${name}`, ...hardened, `--env=DOORWARD_PUBLIC_URL=https://${HOST}`, image)
    t.after(() => podman('rm', '--force', '--volumes', name))
    await waitUntil(() => Promise.resolve(isHealthy(name)))

    const inside = (script: string): string => podman('exec', name, 'sh', '-c', script).trim()
    assert.equal(inside('id -u'), '1000')
    assert.equal(inside('stat -c %a /data/keyring.json'), '600')
    assert.equal(inside('command -v npm npx || true'), '')
    assert.equal(
      inside('ls /opt/doorward/node_modules | grep -xE "typescript|playwright-core|oxlint|rolldown" || true'),
      '',
    )
    assert.equal(inside('ls -d /opt/doorward/src /opt/doorward/test /source 2>/dev/null || true'), '')
    assert.match(inside('doorward user list 2>&1'), /^No users\./m)

    podman('stop', '--time=60', name)
    assert.equal(podman('inspect', '--format={{.State.ExitCode}}', name).trim(), '0')
  },
)

test(
  'the compose file serves https through Caddy, and Doorward sees the client and not Caddy',
  { timeout: BUILDS_WITHIN },
  async (t) => {
    if (images === undefined) return t.diagnostic(NO_BASE)
    const { port, container } = await composeUp(t, images.doorward(), await images.caddy(t))
    await waitUntil(() => Promise.resolve(isHealthy(container('doorward'))))
    await waitUntil(() => Promise.resolve(certificateOf(container('caddy')) !== undefined))

    const ca = certificateOf(container('caddy')) ?? ''
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
    const ipAddresses = new Set(items.flatMap(({ details }) => details?.address ?? []))
    ipAddresses.delete('local')
    assert.equal(ipAddresses.size, 1, [...ipAddresses].join())
    for (const address of ipAddresses) assert.doesNotMatch(address, /^10\.231\.17\.|^203\.0\.113\.7$/)
    assert.equal(leadsOut(container('doorward')), false)
  },
)

test(
  'with the recipe for mail Doorward has a network that leads out, and reads its settings',
  { timeout: BUILDS_WITHIN },
  async (t) => {
    if (images === undefined) return t.diagnostic(NO_BASE)
    const { container } = await composeUp(t, images.doorward(), await images.caddy(t), { mail: true })
    await waitUntil(() => Promise.resolve(isHealthy(container('doorward'))))
    assert.equal(leadsOut(container('doorward')), true)
    const shown = podman('exec', container('doorward'), 'doorward', 'config', 'show', '--origin')
    assert.match(shown, /mail_host\s+smtp\.example\.org\s.*\/etc\/doorward\/config\.toml/)
  },
)

/** Whether the container has a default route, by the kernel's table of routes (proc_pid_net(5)). */
function leadsOut(container: string): boolean {
  const [, ...routes] = podman('exec', container, 'cat', '/proc/net/route').trim().split('\n')
  return routes.some((route) => route.split('\t')[1] === '00000000')
}

test(
  'the service runs under systemd with all that it forbids, reads secrets as credentials, and stops when asked',
  { timeout: BUILDS_WITHIN },
  async (t) => {
    if (images === undefined) return t.diagnostic(NO_BASE)
    const name = `${UNIQUE}-systemd`
    const port = await freePort()
    // On a host with the older control groups (v1) systemd needs this setting too.
    const systemd = ['--systemd=always', '--env=SYSTEMD_PROC_CMDLINE=SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1']
    podman(
      'run',
      '--detach',
      '--privileged',
      ...systemd,
      `--name=${name}`,
      `--publish=127.0.0.1:${port}:8000`,
      await images.systemd(t),
    )
    t.after(() => podman('rm', '--force', '--volumes', name))
    const inside = (script: string): string => podman('exec', name, 'sh', '-ec', script).trim()
    const unit = recipeWith('doorward.service', [['/usr/bin/node', '/usr/local/bin/node']])
    const install = async (text: string): Promise<void> => {
      const file = join(await temporaryFolder(t), 'doorward.service')
      writeFileSync(file, text)
      podman('cp', file, `${name}:/etc/systemd/system/doorward.service`)
      inside('systemctl daemon-reload; systemctl start doorward')
    }
    const url = `http://127.0.0.1:${port}`
    const isWell = async (): Promise<boolean> =>
      fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    const waitUntilWell = (): Promise<void> =>
      waitUntil(isWell).catch((cause: unknown) => {
        throw new Error(inside('journalctl --unit=doorward --no-pager'), { cause })
      })
    const show = (property: string): string => inside(`systemctl show doorward --value --property=${property}`)

    await waitUntil(() => Promise.resolve(/^(running|degraded)$/.test(inside('systemctl is-system-running || true'))))
    // A machine shares its mounts, as systemd needs for credentials; a container does not by default.
    inside('mount --make-rshared /')
    inside(`printf 'host = "0.0.0.0"\\npublic_url = "https://${HOST}"\\n' >/etc/doorward/config.toml`)
    await install(unit)
    await waitUntilWell()
    // The dummy hash for an unknown name is computed in a worker thread.
    const body = JSON.stringify({ username: 'nobody', password: 'three calm words' })
    const headers = { 'content-type': 'application/json' }
    assert.equal((await fetch(`${url}/attempts`, { method: 'POST', headers, body })).status, 401)
    const status = inside(`cat /proc/${show('MainPID')}/status`)
    assert.match(status, /^NoNewPrivs:\t1$/m)
    assert.match(status, /^CapEff:\t0+$/m)
    assert.match(status, /^Seccomp:\t2$/m)
    inside('systemctl stop doorward')
    assert.deepEqual([show('Result'), show('ExecMainStatus')], ['success', '0'])

    inside('mv /var/lib/doorward/keyring.json /etc/doorward/')
    inside('echo sqlite:/var/lib/doorward/doorward.db >/etc/doorward/database-url')
    inside('chown root:root /etc/doorward/*; chmod 600 /etc/doorward/keyring.json /etc/doorward/database-url')
    await install(unit.replaceAll(/^# {3}(?=LoadCredential=|Environment=)/gm, ''))
    await waitUntilWell()
    assert.equal(inside('ls /var/lib/doorward | grep keyring || true'), '')

    inside(`echo 'port = "none"' >/etc/doorward/config.toml; systemctl restart doorward`)
    await waitUntil(() => Promise.resolve(show('ActiveState') === 'failed'))
    assert.deepEqual([show('ExecMainStatus'), show('NRestarts')], ['2', '0'])
  },
)

interface Composed {
  /** The port on which Caddy speaks HTTPS on this machine. */
  readonly port: number
  /** The name of the container of a service. */
  readonly container: (service: string) => string
}

async function composeUp(
  t: TestContext,
  doorward: string,
  caddy: string,
  { mail = false }: { readonly mail?: boolean } = {},
): Promise<Composed> {
  const folder = await temporaryFolder(t)
  const [port, plainPort] = [await freePort(), await freePort()]
  const compose = recipeWith('compose.yaml', [
    ['    build:\n      context: ..\n      dockerfile: deploy/Containerfile\n', `    image: ${doorward}\n`],
    ['docker.io/library/caddy:2.10.2-alpine', caddy],
    ["'80:80'", `'127.0.0.1:${plainPort}:80'`],
    ["'443:443'", `'127.0.0.1:${port}:443'`],
    ["'443:443/udp'", `'127.0.0.1:${port}:443/udp'`],
  ])
  const file = join(folder, 'compose.yaml')
  writeFileSync(file, compose)
  const local = '\tlocal_certs\n\tskip_install_trust\n\tservers {\n'
  writeFileSync(join(folder, 'Caddyfile'), recipeWith('Caddyfile', [['\tservers {\n', local]]))
  const further = join(folder, 'compose.mail.yaml')
  writeFileSync(further, recipeWith('compose.mail.yaml', []))
  writeFileSync(join(folder, 'doorward.toml'), blockBelow(readPage('docs/mail.md'), 'Turn it on'))
  writeFileSync(join(folder, 'mail-password'), 'no password\n')
  const project = ['--file', file, ...(mail ? ['--file', further] : []), '--project-name', UNIQUE]
  t.after(() => podman.compose(...project, 'down', '--volumes'))
  podman.compose(...project, 'up', '--detach')
  return { port, container: (service) => `${UNIQUE}_${service}_1` }
}

/** Runs the check that the image declares, which its platform runs regularly. */
function isHealthy(container: string): boolean {
  try {
    podman('healthcheck', 'run', container)
    return true
  } catch {
    return false
  }
}

/** Caddy's own root certificate; undefined until Caddy has made it. */
function certificateOf(container: string): string | undefined {
  try {
    return podman('exec', container, 'cat', '/data/caddy/pki/authorities/local/root.crt')
  } catch {
    return undefined
  }
}
