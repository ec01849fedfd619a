// Apache with the configuration of deploy/ on a free port, with a certificate of the test.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../support/databases/temporary.ts'
import type { StartedProgram } from '../support/server/started-program.ts'
import { recipeWith, requireProgram, startProgram } from './programs.ts'
import { selfSigned } from './proxies.ts'

const LOG = 'error.log'
/** Where Debian installs the modules. */
const MODULES = '/usr/lib/apache2/modules'
const LOADED = 'mpm_event authn_core authz_core authz_user ssl socache_shmcb proxy proxy_http auth_openidc'.split(' ')

export interface ApacheApp {
  /** The URL of the provider and of the app behind Apache. */
  readonly provider: string
  readonly upstream: string
  readonly clientId: string
  readonly secret: string
  /** Where Apache listens. */
  readonly port: number
}

export interface StartedApache extends StartedProgram {
  /** Its certificate, in PEM. */
  readonly ca: string
}

/** Starts Apache with deploy/apache-openid.conf. */
export async function startApache(t: TestContext, app: ApacheApp): Promise<StartedApache> {
  requireProgram('apache2')
  if (!existsSync(join(MODULES, 'mod_auth_openidc.so')))
    throw new Error('mod_auth_openidc is not installed. On Debian, run scripts/foreign-programs.sh as root.')
  const folder = await temporaryFolder(t)
  const { key, certificate } = selfSigned(folder, '127.0.0.1')
  const { provider, upstream, clientId, secret, port } = app
  const host = `127.0.0.1:${port}`
  const site = recipeWith('apache-openid.conf', [
    ['<VirtualHost *:443>', `<VirtualHost ${host}>`],
    ['/etc/letsencrypt/live/app.example.org/fullchain.pem', certificate],
    ['/etc/letsencrypt/live/app.example.org/privkey.pem', key],
    ['^https://app\\.example\\.org/', `^https://${host}/`],
    ['ServerName app.example.org', `ServerName https://${host}`],
    ['OIDCProviderMetadataURL https://id.example.org', `OIDCProviderMetadataURL ${provider}`],
    ['the-id-of-the-app', clientId],
    ['the-secret-of-the-app', secret],
    ['http://127.0.0.1:3000', upstream],
  ])
  const main = join(folder, 'apache.conf')
  writeFileSync(main, `${around(folder, port)}${site}`)
  const ready = async (): Promise<boolean> => fetch(`http://${host}/`).then(() => true)
  const output = (): string => readFileSync(join(folder, LOG), 'utf8')
  const program = await startProgram(t, ['apache2', '-X', '-f', main], { ready }).catch((cause: unknown) => {
    throw new Error(`Apache says:\n${output()}`, { cause })
  })
  return { ...program, output, ca: readFileSync(certificate, 'utf8') }
}

/** The configuration around a site in a distribution's apache2.conf. */
function around(folder: string, port: number): string {
  return `ServerRoot ${folder}
ServerName 127.0.0.1
PidFile ${join(folder, 'apache.pid')}
DefaultRuntimeDir ${folder}
Mutex file:${folder} default
ErrorLog ${join(folder, LOG)}
KeepAlive Off
Listen 127.0.0.1:${port}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${LOADED.map((name) => `LoadModule ${name}_module ${join(MODULES, `mod_${name}.so`)}`).join('\n')}
`
}
