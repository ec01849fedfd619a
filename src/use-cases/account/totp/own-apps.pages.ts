import { FIRST_NAME } from '#domain/factors/totp/totp.service.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { factorPath, namedFactorPages } from '../own-account/named-factor.pages.ts'
import { type OwnTotp, readOwnTotp, removeOwnTotp, renameOwnTotp } from './own-apps.service.ts'

export const APPS = '/account/security/app'
export const NEW_APP = `${APPS}/new`

export function replacementPath(id: string): string {
  return factorPath(APPS, 'replace', id)
}

/** The app's name; its default name in the page's language if the user gave it none. */
export function appName({ security }: Texts, { name }: Pick<OwnTotp, 'name'>): string {
  return name === FIRST_NAME || name.trim() === '' ? security.ways.app : name
}

/** Renames an authenticator app, and removes one after a question. */
export function ownAppsPages(app: App): void {
  namedFactorPages(app, {
    kind: 'totp',
    path: APPS,
    api: '/users/me/totp',
    removed: 'removed',
    words: ({ security }) => ({
      renameTitle: security.renameApp.title,
      label: security.renameApp.name,
      hint: security.newApp.nameHint,
      remove: security.removeApp,
    }),
    read: async (ctx, id, say) => {
      const own = await readOwnTotp(ctx, id)
      return { id: own.id, name: appName(say, own), isConfirmed: own.confirmedAt !== null }
    },
    rename: renameOwnTotp,
    remove: removeOwnTotp,
    instead: ({ security }, id) => html`<p>${primaryLink(replacementPath(id), security.removeApp.replaceInstead)}</p>`,
  })
}
