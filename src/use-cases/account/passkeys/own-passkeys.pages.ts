import type { App } from '../../../foundation/web/http/app.ts'
import { buttonRow, linkButton } from '../../../foundation/web/components/button.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import { NEW_APP } from '../totp/own-apps.pages.ts'
import type { AcceptedCredentials, Passkey } from '../../../domain/factors/passkeys/passkey.service.ts'
import { canHavePasskeys } from '../../../domain/factors/passkeys/relying-party.ts'
import { section } from '../../../foundation/web/components/section.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { namedFactorPages, namedFactorTable } from '../own-account/named-factor.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { readOwnPasskey, removeOwnPasskey, renameOwnPasskey } from './own-passkeys.service.ts'

const PATH = '/account/security/passkeys'
export const NEW_PASSKEY = `${PATH}/new`

/** The route that returns the options for a new passkey; the page names it as its API equivalent. */
export const PASSKEY_OPTIONS = '/users/me/passkeys/options'

/** Renames a passkey, and removes one after a question. */
export function ownPasskeysPages(app: App): void {
  namedFactorPages(app, {
    kind: 'passkey',
    path: PATH,
    api: '/users/me/passkeys',
    removed: 'passkey-removed',
    words: ({ security, enrolment }) => ({
      renameTitle: security.renamePasskey.title,
      label: security.passkeys.name,
      hint: enrolment.passkeyNameHint,
      remove: security.removePasskey,
    }),
    read: async (ctx, id) => ({ ...(await readOwnPasskey(ctx, id)), isConfirmed: true }),
    rename: renameOwnPasskey,
    remove: removeOwnPasskey,
    instead: ({ security: { removePasskey } }) =>
      buttonRow(linkButton(NEW_PASSKEY, removePasskey.addPasskey), linkButton(NEW_APP, removePasskey.addApp)),
  })
}

export interface ShownPasskeys {
  readonly passkeys: readonly Passkey[]
  readonly removable: boolean
  /** After a removal: the passkeys that the browser keeps (`signalAllAcceptedCredentials()`). */
  readonly accepted?: AcceptedCredentials | undefined
}

/** The section of the security page that lists the user's passkeys. */
export function passkeysSection(reader: SecurityReader, { passkeys, removable, accepted }: ShownPasskeys): Html {
  const { say, config } = reader
  const { passkeys: words } = say.security
  const actions = { rename: words.rename, ...(removable && { remove: words.remove }) }
  const add = html`<p>${linkButton(NEW_PASSKEY, words.add)}</p>`
  return section({
    id: 'passkeys',
    title: words.title,
    lead: words.lead,
    body: html`${namedFactorTable(reader, words, { path: PATH, factors: passkeys, actions })}
    ${accepted && html`<div data-accepted-credentials="${JSON.stringify(accepted)}" hidden></div>`}
    ${canHavePasskeys(config) ? add : html`<p>${words.cannot}</p>`}`,
    api: canHavePasskeys(config) && apiEquivalent(say, config, { method: 'POST', path: PASSKEY_OPTIONS }),
  })
}
