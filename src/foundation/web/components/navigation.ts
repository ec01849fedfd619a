import { withoutTurns } from '../../kernel/writing-direction.ts'
import type { Brand } from '../http/brand.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { brandLink } from './brand.ts'
import { name } from './person-name.ts'

export interface Person {
  readonly username: string
  readonly isAdmin: boolean
  /** The hidden field that contains the form token of this session (CSRF). */
  readonly formToken: Html
}

interface Entry {
  readonly path: string
  readonly label: string
  /** Prefixes of the paths that belong to the entry. */
  readonly below?: readonly string[]
}

/** The bar above every page of a signed-in user: areas, username, sign-out. */
export function topBar(
  say: Texts,
  { instanceName, path, brand }: { readonly instanceName: string; readonly path: string; readonly brand: Brand },
  { username, isAdmin, formToken }: Person,
): Html {
  const entries: readonly Entry[] = [
    { path: '/account', label: say.account.title, below: ['/account/delete'] },
    { path: '/account/security', label: say.security.title, below: ['/account/security/', '/account/activity'] },
    ...(isAdmin ? [{ path: '/admin', label: say.overview.area, below: ['/admin/'] }] : []),
  ]
  return html`<header class="top">
    ${brandLink(instanceName, brand)}
    <nav aria-label="${say.words.navigation}">
      <ul>
        ${entries.map((one) => entry(one, isAt(one, path)))}
      </ul>
    </nav>
    <form method="post" action="/sign-out" class="who">
      ${formToken}
      <span class="name" title="${withoutTurns(username)}">${name(username)}</span>
      <button class="button quiet" type="submit">${say.signOut.submit}</button>
    </form>
  </header>`
}

/** The navigation beside every page of administration. */
export function sideNavigation(say: Texts, path: string): Html {
  const entries: readonly Entry[] = [
    { path: '/admin', label: say.overview.title },
    { path: '/admin/users', label: say.users.title, below: ['/admin/users/'] },
    { path: '/admin/activity', label: say.activity.title, below: ['/admin/activity/', '/admin/refusals'] },
    { path: '/admin/checkup', label: say.checkup.title },
  ]
  return html`<nav class="side" aria-label="${say.overview.area}">
    <ul>
      ${entries.map((one) => entry(one, isAt(one, path)))}
    </ul>
  </nav>`
}

function isAt({ path, below = [] }: Entry, here: string): boolean {
  return here === path || below.some((beginning) => here.startsWith(beginning))
}

function entry({ path, label }: Entry, isCurrent: boolean): Html {
  return html`<li><a href="${path}" ${isCurrent && html`aria-current="page"`}>${label}</a></li>`
}
