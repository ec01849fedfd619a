// nginx and Caddy with the configurations of deploy/, on free ports and with a certificate of the test.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import type { StartedProgram } from '../support/server/started-program.ts'
import { HttpsClient } from './https-client.ts'
import { recipeWith, requireProgram, startProgram } from './programs.ts'

/** The host name in the configurations. */
export const HOST = 'id.example.org'
/** The IP address from which the proxy connects, which Doorward must trust. */
export const PROXY_IP = '127.0.0.1'

export interface Proxy extends StartedProgram {
  /** The folder with every file that the proxy writes. */
  readonly folder: string
  /** A client with that IP address, which no other program on this machine uses. */
  client(from: string): HttpsClient
}

/** Starts a proxy before the port; it answers whether or not Doorward runs. */
export type StartProxy = (t: TestContext, upstreamPort: number) => Promise<Proxy>

/** nginx with deploy/nginx.conf. */
export async function startNginx(t: TestContext, upstreamPort: number): Promise<Proxy> {
  const folder = await temporaryFolder(t)
  const [port, plainPort] = [await freePort(), await freePort()]
  const { key, certificate } = selfSigned(folder)
  const certificates = `/etc/letsencrypt/live/${HOST}`
  const site = recipeWith('nginx.conf', [
    ['127.0.0.1:8000', `127.0.0.1:${upstreamPort}`],
    ['listen 80;', `listen 127.0.0.1:${plainPort};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['  listen [::]:80;\n', hasIpv6() ? `  listen [::1]:${plainPort};\n` : ''],
    ['  listen [::]:443 ssl;\n', hasIpv6() ? `  listen [::1]:${port} ssl;\n` : ''],
    [`${certificates}/fullchain.pem`, certificate],
    [`${certificates}/privkey.pem`, key],
    ['/var/log/nginx/doorward.log', join(folder, 'doorward.log')],
  ])
  writeFileSync(join(folder, 'site.conf'), site)
  const main = join(folder, 'nginx.conf')
  writeFileSync(main, nginxAround(folder))
  const ca = readFileSync(certificate, 'utf8')
  const clientFrom = (from: string): HttpsClient => new HttpsClient({ port, host: HOST, ca, from })
  const command = ['nginx', '-e', join(folder, 'error.log'), '-p', folder, '-c', main] as const
  const program = await startProgram(t, command, { ready: async () => answers(clientFrom(PROXY_IP)) })
  return { ...program, folder, client: clientFrom }
}

/** The configuration around a site in a distribution's nginx.conf: folders, user, and an access log that is on. */
export function nginxAround(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')};
events {}
http {
  access_log ${join(folder, 'access.log')};
  gzip on;
${kinds.map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`).join('\n')}
  include ${join(folder, 'site.conf')};
}
`
}

/** Caddy with deploy/Caddyfile; `tryFor` is how long Caddy tries to reach Doorward. */
export async function startCaddy(
  t: TestContext,
  upstreamPort: number,
  { tryFor = '1s' }: { readonly tryFor?: string } = {},
): Promise<Proxy> {
  const folder = await temporaryFolder(t)
  const [port, plainPort] = [await freePort(), await freePort()]
  const local = `default_bind 127.0.0.1\n\thttp_port ${plainPort}\n\thttps_port ${port}\n\tadmin off\n\tlocal_certs\n\tskip_install_trust`
  const file = join(folder, 'Caddyfile')
  const configuration = recipeWith('Caddyfile', [
    ['\tservers {\n', `\t${local}\n\tservers {\n`],
    ['lb_try_duration 10s', `lb_try_duration ${tryFor}`],
  ])
  writeFileSync(file, configuration)
  const root = join(folder, 'caddy', 'pki', 'authorities', 'local', 'root.crt')
  const clientFrom = (from: string): HttpsClient =>
    new HttpsClient({ port, host: HOST, ca: readFileSync(root, 'utf8'), from })
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, UPSTREAM: `127.0.0.1:${upstreamPort}` }
  const command = ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'] as const
  const program = await startProgram(t, command, { env, ready: async () => answers(clientFrom(PROXY_IP)) })
  return { ...program, folder, client: clientFrom }
}

/** Whether the proxy answers: with 502 where Doorward does not run. */
async function answers(client: HttpsClient): Promise<boolean> {
  return (await client.ask('GET', '/healthz')).status > 0
}

/** A key and a certificate for a host name, in a folder. */
export function selfSigned(folder: string, host = HOST): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const named = [
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ]
  execFileSync(requireProgram('openssl'), [...made, ...named], { stdio: 'ignore' })
  return { key, certificate }
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((found) => found?.some(({ address }) => address === '::1'))
}
