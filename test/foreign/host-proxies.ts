// Reverse proxies before a protected host: nginx and Caddy with the configuration that Doorward prints for it, HAProxy with the files of deploy/.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { PROXIES, type ProxyName, snippetFor } from '#domain/hosts/snippet.ts'
import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { HttpsClient } from './https-client.ts'
import { recipeWith, startProgram } from './programs.ts'
import { HOST, nginxAround, PROXY_IP, selfSigned } from './proxies.ts'

export const HOST_PROXIES = [...PROXIES, 'haproxy'] as const
export type HostProxy = (typeof HOST_PROXIES)[number]

interface Behind {
  /** The protected host. */
  readonly host: string
  /** The port of Doorward. */
  readonly doorward: number
  /** The port of the app. */
  readonly app: number
}

/** Starts a proxy; returns what makes clients of it. */
export function startHostProxy(t: TestContext, proxy: HostProxy, behind: Behind): Promise<() => HttpsClient> {
  return STARTS[proxy](t, behind)
}

const STARTS: Readonly<Record<HostProxy, (t: TestContext, behind: Behind) => Promise<() => HttpsClient>>> = {
  nginx: startNginx,
  caddy: startCaddy,
  haproxy: startHaproxy,
}

function snippetWith(proxy: ProxyName, { host, doorward, app }: Behind): string {
  const facts = { host, publicUrl: `https://${HOST}`, upstream: `${PROXY_IP}:${doorward}` }
  return snippetFor(facts, proxy).replaceAll('127.0.0.1:3000', `${PROXY_IP}:${app}`)
}

async function startNginx(t: TestContext, behind: Behind): Promise<() => HttpsClient> {
  const { host } = behind
  const folder = await temporaryFolder(t)
  const port = await freePort()
  const { key, certificate } = selfSigned(folder, host)
  const site = snippetWith('nginx', behind)
    .replace('listen 443 ssl;', `listen ${PROXY_IP}:${port} ssl;`)
    .replace('  listen [::]:443 ssl;\n', '')
    .replace(`/etc/letsencrypt/live/${host}/fullchain.pem`, certificate)
    .replace(`/etc/letsencrypt/live/${host}/privkey.pem`, key)
  // A distribution or its admin may let such names through.
  writeFileSync(join(folder, 'site.conf'), `underscores_in_headers on;\n${site}`)
  const main = join(folder, 'nginx.conf')
  writeFileSync(main, nginxAround(folder))
  const ca = readFileSync(certificate, 'utf8')
  const client = (): HttpsClient => new HttpsClient({ port, host, ca, from: PROXY_IP })
  const command = ['nginx', '-e', join(folder, 'error.log'), '-p', folder, '-c', main] as const
  await startProgram(t, command, { ready: async () => (await client().ask('GET', '/')).status > 0 })
  return client
}

async function startCaddy(t: TestContext, behind: Behind): Promise<() => HttpsClient> {
  const folder = await temporaryFolder(t)
  const [port, plainPort] = [await freePort(), await freePort()]
  const local = `default_bind ${PROXY_IP}\n\thttp_port ${plainPort}\n\thttps_port ${port}\n\tadmin off\n\tlocal_certs\n\tskip_install_trust`
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, `{\n\t${local}\n}\n${snippetWith('caddy', behind)}`)
  const root = join(folder, 'caddy', 'pki', 'authorities', 'local', 'root.crt')
  const client = (): HttpsClient =>
    new HttpsClient({ port, host: behind.host, ca: readFileSync(root, 'utf8'), from: PROXY_IP })
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const command = ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'] as const
  await startProgram(t, command, { env, ready: async () => (await client().ask('GET', '/')).status > 0 })
  return client
}

async function startHaproxy(t: TestContext, { host, doorward, app }: Behind): Promise<() => HttpsClient> {
  const folder = await temporaryFolder(t)
  const port = await freePort()
  const { key, certificate } = selfSigned(folder, host)
  const [bundle, lua, configuration] = ['site.pem', 'doorward.lua', 'haproxy.cfg'].map((name) => join(folder, name))
  writeFileSync(bundle!, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
  writeFileSync(lua!, recipeWith('doorward.lua', [['127.0.0.1:8000', `${PROXY_IP}:${doorward}`]]))
  const site = recipeWith('haproxy.cfg', [
    ['/etc/haproxy/doorward.lua', lua!],
    ['bind :443', `bind ${PROXY_IP}:${port}`],
    ['/etc/haproxy/wiki.example.org.pem', bundle!],
    ['wiki.example.org', host],
    ['127.0.0.1:8000', `${PROXY_IP}:${doorward}`],
    ['127.0.0.1:3000', `${PROXY_IP}:${app}`],
  ])
  writeFileSync(configuration!, site)
  const ca = readFileSync(certificate, 'utf8')
  const client = (): HttpsClient => new HttpsClient({ port, host, ca, from: PROXY_IP })
  const command = ['haproxy', '-db', '-f', configuration!] as const
  await startProgram(t, command, { ready: async () => (await client().ask('GET', '/')).status > 0 })
  return client
}
