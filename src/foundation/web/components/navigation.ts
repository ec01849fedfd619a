// Where the user is, and what stands around every page: the brand, the areas, the account menu, the theme switch.
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import type { Asset, Brand } from '../http/brand.ts'
import { type Theme, THEME_PATH, THEMES } from '../http/theme.ts'
import { avatar, type AvatarPerson } from './avatar.ts'
import { type Drawing, icon, withIcon } from './icon.ts'
import { AREA_DRAWINGS, areaLinks, areaOf, type Navigation, openEntries } from './navigation-entries.ts'
import { name } from './person-name.ts'
import { navigationItem } from './side-navigation.ts'
import { isInTypeface } from './typeface.ts'

const LOGO_HEIGHT = 32
const ICON_HEIGHT = 28

/** The link to the start page: the server's name with its logo or else its icon, which is decoration. */
export function brandLink(instanceName: string, { logo, icons }: Pick<Brand, 'logo' | 'icons'>): Html {
  const image = logo ? picture(logo, LOGO_HEIGHT, logo.proportion) : picture(icons.tab, ICON_HEIGHT, 1)
  return html`<a class="brand${!isInTypeface(instanceName) && ' plain'}" href="/">${image}${instanceName}</a>`
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
  readonly theme: Theme
  /** The path to which the theme switch returns; without one it needs scripts, which change the theme in place. */
  readonly returnPath?: string | undefined
  /** Whether the page loads the module `keys`, whose palette a button of the bar then opens. */
  readonly hasPalette?: boolean
}

/** The bar above every page of a signed-in user: the areas, the button of the palette on pages of administration, and the account menu. */
export function topBar(say: Texts, bar: Bar, person: Person): Html {
  const { instanceName, path, brand, navigation, hasPalette } = bar
  const current = areaOf(navigation, path)
  return html`<header class="top">
    ${brandLink(instanceName, brand)}
    <nav aria-label="${say.words.navigation}">
      <ul>
        ${areaLinks(say, navigation, person.permissions).map((link) => navigationItem(link, link.area === current, link.area))}
      </ul>
    </nav>
    ${hasPalette && paletteButton(say)} ${accountMenu(say, bar, person)}
  </header>`
}

/** Opens the palette, which does not exist without scripts. On a narrow screen it is the magnifier alone. */
function paletteButton({ keyboard }: Texts): Html {
  return html`<button class="finder scripted" type="button" data-palette aria-haspopup="dialog">
    ${withIcon('search', keyboard.find)} <kbd aria-hidden="true">${keyboard.control} K</kbd>
  </button>`
}

/** What the user does as a person, behind the face. It opens without scripts, as the menu of a row does. */
function accountMenu(say: Texts, { navigation, theme, returnPath }: Bar, person: Person): Html {
  const { username, permissions, formToken } = person
  const links = areaLinks(say, navigation, permissions)
  const personal = links.filter(({ area }) => area === 'account' || area === 'security')
  const hasKeys = links.some(({ area }) => area === 'admin')
  return html`<details class="menu who" name="row-menu">
    <summary>
      ${avatar(person, { size: 'small' })}
      <span class="name" title="${withoutTurns(username)}">${name(username)}</span>${icon('chevron')}
    </summary>
    <ul>
      ${personal.map(({ path, label, area }) => html`<li><a href="${path}">${withIcon(AREA_DRAWINGS[area], label)}</a></li>`)}
      ${
        hasKeys && html`<li data-keys hidden><button type="button">${withIcon('code', say.keyboard.keys)}</button></li>`
      }
      <li class="themes" ${returnPath === undefined && html`hidden`}>
        <span class="small" aria-hidden="true">${say.words.theme}</span>
        ${themeForm(say, { theme, returnPath, formToken })}
      </li>
      ${openEntries(navigation, 'person', permissions).map(
        ({ url, label, drawing = 'out' }) =>
          html`<li>
            <form method="post" action="${url}">
              ${formToken} <button type="submit">${withIcon(drawing, label(say))}</button>
            </form>
          </li>`,
      )}
    </ul>
  </details>`
}

const THEME_DRAWINGS: Readonly<Record<Theme, Drawing>> = { system: 'half', light: 'sun', dark: 'moon' }

interface ThemeChoice {
  readonly theme: Theme
  /** Without one the switch needs scripts, which show it. */
  readonly returnPath?: string | undefined
  readonly formToken?: Html | undefined
}

/** The theme of this browser, below a page without an account menu: one button shows the choices beside it. */
export function themeSwitch(say: Texts, choice: ThemeChoice): Html {
  const { words } = say
  return html`<details class="themes" ${choice.returnPath === undefined && html`hidden`}>
    <summary title="${words.theme}">
      ${icon(THEME_DRAWINGS[choice.theme])}<span class="unseen">${words.theme}: ${words.themes[choice.theme]}</span>
    </summary>
    ${themeForm(say, choice)}
  </details>`
}

/** The system's theme, light or dark. The choices are a form, so that the switch works without scripts and the first paint is right. */
function themeForm({ words }: Texts, { theme, returnPath, formToken }: ThemeChoice): Html {
  return html`<form method="post" action="${THEME_PATH}" role="group" aria-label="${words.theme}">
    ${formToken}
    <input type="hidden" name="next" value="${returnPath ?? '/'}" />
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
  </form>`
}
