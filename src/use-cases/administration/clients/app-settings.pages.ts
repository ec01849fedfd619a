// The settings that are copied into an app: who it is, and the URLs at which it finds this server.
import type { Client } from '#domain/clients/client.ts'
import { discoveryUrlOf, type ENDPOINTS, endpointUrls, issuerOf } from '#domain/clients/issuer.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { copyButton, copyField } from '#foundation/web/components/copy.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** For apps that do not read the discovery document. */
const SHOWN = [
  'authorization',
  'token',
  'userinfo',
  'keys',
  'endSession',
  'introspection',
  'revocation',
] as const satisfies readonly (keyof typeof ENDPOINTS)[]

/** What most apps ask for, each with a copy button, and below it every single URL. The secret stands in it only while it is shown. */
export function settingsToCopy(
  say: Texts,
  config: Pick<Config, 'publicUrl'>,
  { client, secret }: { readonly client: Client; readonly secret?: Secret | null },
): Html {
  const { settings } = say.apps
  const urls = endpointUrls(config)
  const field = (id: string, label: string, value: string) =>
    copyField({ id, label, groups: [value], action: copyButton(say, id) })
  return html`<div class="to-copy">
      ${field('client-id', settings.clientId, client.id)}
      ${secret && field('client-secret', settings.secret, secret.reveal())}
      ${field('issuer', settings.issuer, issuerOf(config))}
      ${field('discovery', settings.discovery, discoveryUrlOf(config))}
    </div>
    <details>
      <summary>${settings.endpoints}</summary>
      <div class="to-copy">${SHOWN.map((name) => field(`endpoint-${name}`, settings[name], urls[name]))}</div>
    </details>`
}
