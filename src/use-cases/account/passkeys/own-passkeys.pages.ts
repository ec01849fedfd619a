import { buttonRow, linkButton } from '#foundation/web/components/button.ts'
import type { App } from '#foundation/web/http/app.ts'
import { namedFactorPages } from '../own-account/named-factor.pages.ts'
import { NEW_APP } from '../totp/own-apps.pages.ts'
import { readOwnPasskey, removeOwnPasskey, renameOwnPasskey } from './own-passkeys.service.ts'

export const PASSKEYS = '/account/security/passkeys'
export const NEW_PASSKEY = `${PASSKEYS}/new`

/** The route that returns the options for a new passkey; the page names it as its API equivalent. */
export const PASSKEY_OPTIONS = '/users/me/passkeys/options'

/** Renames a passkey, and removes one after a question. */
export function ownPasskeysPages(app: App): void {
  namedFactorPages(app, {
    kind: 'passkey',
    path: PASSKEYS,
    api: '/users/me/passkeys',
    removed: 'passkey-removed',
    words: ({ security, enrolment }) => ({
      renameTitle: security.renamePasskey.title,
      label: security.ways.name,
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
