import type { App } from '../../../foundation/web/http/app.ts'
import { linkButton, primaryLink } from '../../../foundation/web/components/button.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import { FIRST_NAME } from '../../../domain/factors/totp/totp.service.ts'
import { section } from '../../../foundation/web/components/section.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { factorPath, namedFactorPages, namedFactorTable } from '../own-account/named-factor.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { readOwnTotp, removeOwnTotp, renameOwnTotp } from './own-apps.service.ts'
import type { OwnTotp } from './own-apps.service.ts'

const PATH = '/account/security/app'
export const NEW_APP = `${PATH}/new`

/** The path of the page that replaces an app. */
export function replacementPath(id: string): string {
  return factorPath(PATH, 'replace', id)
}

/** The app's name; its default name in the page's language if the user gave it none. */
export function appName({ security }: Texts, { name }: Pick<OwnTotp, 'name'>): string {
  return name === FIRST_NAME || name.trim() === '' ? security.apps.defaultName : name
}

/** Renames an authenticator app, and removes one after a question. */
export function ownAppsPages(app: App): void {
  namedFactorPages(app, {
    kind: 'totp',
    path: PATH,
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

/** The section of the security page that lists the user's confirmed apps. */
export function appsSection(reader: SecurityReader, apps: readonly OwnTotp[], removable: boolean): Html {
  const { say, config } = reader
  const { apps: words } = say.security
  const factors = apps.map((own) => ({ ...own, name: appName(say, own) }))
  const actions = { rename: words.rename, replace: words.replace, ...(removable && { remove: words.remove }) }
  return section({
    id: 'second-step',
    title: words.title,
    lead: words.lead,
    body: html`${namedFactorTable(reader, words, { path: PATH, factors, actions })}
      <p>${linkButton(NEW_APP, words.add)}</p>`,
    api: apiEquivalent(say, config, { method: 'POST', path: '/users/me/totp' }),
  })
}
