import type { Brand } from '../brand.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../texts.ts'
import { brandLink } from './brand.ts'

export interface Person {
  readonly username: string
  readonly isAdmin: boolean
  /** The hidden field that proves a form to be this session's own. */
  readonly formToken: Html
}

interface Place {
  readonly path: string
  readonly label: string
}

/** Above every page of somebody who is signed in: where they can go, who they are, the way out. */
export function topBar(
  say: Texts,
  { instanceName, path, brand }: { readonly instanceName: string; readonly path: string; readonly brand: Brand },
  { username, isAdmin, formToken }: Person,
): Html {
  const places: readonly (Place & { readonly within?: string })[] = [
    { path: '/account', label: say.account.title },
    { path: '/account/security', label: say.security.title, within: '/account/security/' },
    ...(isAdmin ? [{ path: '/admin', label: say.overview.area, within: '/admin' }] : []),
  ]
  return html`<header class="top">
    ${brandLink(instanceName, brand)}
    <nav aria-label="${say.words.navigation}">
      <ul>
        ${places.map((place) => entry(place, path === place.path || Boolean(place.within && path.startsWith(place.within))))}
      </ul>
    </nav>
    <form method="post" action="/sign-out" class="who">
      ${formToken}
      <span class="name" title="${username}">${username}</span>
      <button class="button quiet" type="submit">${say.signOut.submit}</button>
    </form>
  </header>`
}

/** Beside every page of administration. */
export function sideNavigation(say: Texts, path: string): Html {
  const places: readonly Place[] = [
    { path: '/admin', label: say.overview.title },
    { path: '/admin/users', label: say.users.title },
    { path: '/admin/activity', label: say.activity.title },
    { path: '/admin/checkup', label: say.checkup.title },
  ]
  return html`<nav class="side" aria-label="${say.overview.area}">
    <ul>
      ${places.map((place) => entry(place, path === place.path || (place.path !== '/admin' && path.startsWith(`${place.path}/`))))}
    </ul>
  </nav>`
}

function entry({ path, label }: Place, isCurrent: boolean): Html {
  return html`<li><a href="${path}" ${isCurrent && html`aria-current="page"`}>${label}</a></li>`
}
