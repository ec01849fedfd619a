// The settings that are copied into an app: who it is, and the URLs at which it finds this server.
import type { Client } from '#domain/clients/client.ts'
import { issuerOf } from '#domain/clients/issuer.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { copyButton, copyField } from '#foundation/web/components/copy.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** For apps that do not read the discovery document. */
const ENDPOINTS = [
  ['authorization', '/auth'],
  ['token', '/token'],
  ['userinfo', '/me'],
  ['keys', '/jwks'],
  ['endSession', '/session/end'],
  ['introspection', '/token/introspection'],
  ['revocation', '/token/revocation'],
] as const

/** What most apps ask for, each with a copy button, and below it every single URL. The secret stands in it only while it is shown. */
export function settingsToCopy(
  say: Texts,
  config: Pick<Config, 'publicUrl'>,
  { client, secret }: { readonly client: Client; readonly secret?: Secret | null },
): Html {
  const { settings } = say.apps
  const issuer = issuerOf(config)
  const field = (id: string, label: string, value: string) =>
    copyField({ id, label, groups: [value], action: copyButton(say, id) })
  return html`<div class="to-copy">
      ${field('client-id', settings.clientId, client.id)}
      ${secret && field('client-secret', settings.secret, secret.reveal())} ${field('issuer', settings.issuer, issuer)}
      ${field('discovery', settings.discovery, `${issuer}/.well-known/openid-configuration`)}
    </div>
    <details>
      <summary>${settings.endpoints}</summary>
      <div class="to-copy">
        ${ENDPOINTS.map(([name, path]) => field(`endpoint-${name}`, settings[name], issuer + path))}
      </div>
    </details>`
}
