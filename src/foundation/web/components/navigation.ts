// Where the user is, and what stands around every page: the brand, the areas, the theme switch.
import { withoutTurns } from '../../kernel/given-name.ts'
import type { Permission } from '../../kernel/principal.ts'
import type { Asset, Brand } from '../http/brand.ts'
import { THEMES } from '../http/theme.ts'
import type { Theme } from '../http/theme.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { icon, withIcon } from './icon.ts'
import type { Drawing } from './icon.ts'
import { adminHome, placeLink } from './side-navigation.ts'
import type { Place } from './side-navigation.ts'
import { avatar } from './avatar.ts'
import type { AvatarPerson } from './avatar.ts'
import { name } from './person-name.ts'

const LOGO_HEIGHT = 32
const ICON_HEIGHT = 28

/** The link to the start page: the server's name with its logo or else its icon, which is decoration. */
export function brandLink(instanceName: string, { logo, icons }: Pick<Brand, 'logo' | 'icons'>): Html {
  const image = logo ? picture(logo, LOGO_HEIGHT, logo.proportion) : picture(icons.tab, ICON_HEIGHT, 1)
  return html`<a class="brand" href="/">${image}${instanceName}</a>`
}

/** The stylesheet sets the height. The attributes reserve the space until the image has loaded. */
function picture({ url }: Asset, height: number, proportion: number): Html {
  const width = Math.max(1, Math.round(height * proportion))
  return html`<img src="${url}" alt="" width="${width}" height="${height}" />`
}

export interface Person extends AvatarPerson {
  /** What the user may do now beyond the own account. */
  readonly permissions: readonly Permission[]
  /** The hidden field that contains the form token of this session (CSRF). */
  readonly formToken: Html
}

/** The bar above every page of a signed-in user: areas, username, sign-out. */
export function topBar(
  say: Texts,
  { instanceName, path, brand }: { readonly instanceName: string; readonly path: string; readonly brand: Brand },
  person: Person,
): Html {
  const { username, permissions, formToken } = person
  const home = adminHome(say, permissions)
  const entries: readonly Place[] = [
    { path: '/account', label: say.account.title, below: ['/account/delete', '/account/groups'] },
    { path: '/account/security', label: say.security.title, below: ['/account/security/', '/account/activity'] },
    ...(home === undefined ? [] : [{ path: home, label: say.overview.area, below: ['/admin/'] }]),
  ]
  return html`<header class="top">
    ${brandLink(instanceName, brand)}
    <nav aria-label="${say.words.navigation}">
      <ul>
        ${entries.map((one) => placeLink(one, path))}
      </ul>
    </nav>
    <form method="post" action="/sign-out" class="who">
      ${formToken} ${avatar(person, { size: 'small' })}
      <span class="name" title="${withoutTurns(username)}">${name(username)}</span>
      <button class="button quiet" type="submit">${withIcon('out', say.signOut.submit)}</button>
    </form>
  </header>`
}

const THEME_DRAWINGS: Readonly<Record<Theme, Drawing>> = { system: 'half', light: 'sun', dark: 'moon' }

/**
 * The theme of this browser: the system's, light or dark. One button shows the choices beside it. They are a form, so that the switch works
 * without scripts and the first paint is right.
 */
export function themeSwitch(
  { words }: Texts,
  { theme, place, formToken }: { readonly theme: Theme; readonly place: string; readonly formToken?: Html | undefined },
): Html {
  return html`<details class="themes">
    <summary title="${words.theme}">
      ${icon(THEME_DRAWINGS[theme])}<span class="unseen">${words.theme}: ${words.themes[theme]}</span>
    </summary>
    <form method="post" action="/theme">
      ${formToken}
      <input type="hidden" name="next" value="${place}" />
      ${THEMES.map(
        (one) =>
          html`<button
            class="button quiet"
            type="submit"
            name="theme"
            value="${one}"
            aria-pressed="${String(one === theme)}"
          >
            ${withIcon(THEME_DRAWINGS[one], words.themes[one])}
          </button>`,
      )}
    </form>
  </details>`
}
