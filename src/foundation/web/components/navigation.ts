// Where the user is, and what stands around every page: the brand, the areas, the theme switch.
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import type { Asset, Brand } from '../http/brand.ts'
import { type Theme, THEME_PATH, THEMES } from '../http/theme.ts'
import { avatar, type AvatarPerson } from './avatar.ts'
import { type Drawing, icon, withIcon } from './icon.ts'
import { areaLinks, areaOf, type Navigation, openEntries } from './navigation-entries.ts'
import { name } from './person-name.ts'
import { navigationItem } from './side-navigation.ts'

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

interface Bar {
  readonly instanceName: string
  readonly path: string
  readonly brand: Brand
  readonly navigation: Navigation
}

/** The bar above every page of a signed-in user: areas, username, sign-out. */
export function topBar(say: Texts, { instanceName, path, brand, navigation }: Bar, person: Person): Html {
  const { username, permissions, formToken } = person
  const current = areaOf(navigation, path)
  return html`<header class="top">
    ${brandLink(instanceName, brand)}
    <nav aria-label="${say.words.navigation}">
      <ul>
        ${areaLinks(say, navigation, permissions).map((link) => navigationItem(link, link.area === current))}
      </ul>
    </nav>
    ${openEntries(navigation, 'person', permissions).map(
      ({ url, label, drawing = 'out' }) =>
        html`<form method="post" action="${url}" class="who">
          ${formToken} ${avatar(person, { size: 'small' })}
          <span class="name" title="${withoutTurns(username)}">${name(username)}</span>
          <button class="button quiet" type="submit">${withIcon(drawing, label(say))}</button>
        </form>`,
    )}
  </header>`
}

const THEME_DRAWINGS: Readonly<Record<Theme, Drawing>> = { system: 'half', light: 'sun', dark: 'moon' }

/**
 * The theme of this browser: the system's, light or dark. One button shows the choices beside it. They are a form, so that the switch works
 * without scripts and the first paint is right.
 */
export function themeSwitch(
  { words }: Texts,
  {
    theme,
    returnPath,
    formToken,
  }: { readonly theme: Theme; readonly returnPath: string; readonly formToken?: Html | undefined },
): Html {
  return html`<details class="themes">
    <summary title="${words.theme}">
      ${icon(THEME_DRAWINGS[theme])}<span class="unseen">${words.theme}: ${words.themes[theme]}</span>
    </summary>
    <form method="post" action="${THEME_PATH}">
      ${formToken}
      <input type="hidden" name="next" value="${returnPath}" />
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
