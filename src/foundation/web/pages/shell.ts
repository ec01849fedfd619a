import type { Texts } from '#foundation/texts/texts.ts'
import { apiCalls, ofPart } from '../components/api-equivalent.ts'
import { withIcon } from '../components/icon.ts'
import { keyboardWords } from '../components/keyboard.ts'
import { areaNavigation, areaOf, type Navigation } from '../components/navigation-entries.ts'
import { brandLink, type Person, themeSwitch, topBar } from '../components/navigation.ts'
import { type SideNavigation, sideNavigation, tabs } from '../components/side-navigation.ts'
import { isInTypeface } from '../components/typeface.ts'
import { endnotesOf, type Html, html } from '../html.ts'
import { type ModuleName, moduleUrl, wideStylesheetUrl } from '../http/assets.ts'
import { type Brand, OWN_BRAND } from '../http/brand.ts'
import { MANIFEST_PATH } from '../http/icons.ts'
import type { Theme } from '../http/theme.ts'

/** A narrow card for signing in; the frame of the account pages; the frame of administration. */
export type Frame = 'card' | 'account' | 'admin'

export interface Shell {
  readonly say: Texts
  readonly instanceName: string
  /** The server's colours and logo. */
  readonly brand?: Brand | undefined
  readonly theme?: Theme | undefined
  /** What bar, side navigation and palette are made of; empty by default. */
  readonly navigation?: Navigation | undefined
  /** The path of this page, which the navigation marks. */
  readonly path?: string | undefined
  /** The path to which the theme switch returns; without one it needs scripts, which change the theme in place. */
  readonly returnPath?: string | undefined
  /** From the narrowest to the widest, such as `['Second step', 'Sign in']`; the server's name is added. */
  readonly title: string | readonly string[]
  /** The one `h1`; by default the first part of the title. */
  readonly heading?: string | Html | undefined
  /** A card by default; `sendPage` takes that of the area of the path. */
  readonly frame?: Frame | undefined
  /** The signed-in user; required by every frame except the card. */
  readonly person?: Person | undefined
  /** Whether single keys act on pages of administration in this browser. */
  readonly singleKeys?: boolean | undefined
  /** The way to the page above this one, such as its list: one link above everything else. */
  readonly up?: { readonly href: string; readonly label: Html | string } | undefined
  /** The state of what the page shows, such as chips, under the heading. */
  readonly standing?: Html | undefined
  /** Links to the sections of a wide page, or to the pages beside it, under its heading. */
  readonly tabs?: SideNavigation | undefined
  /** A second link for the keyboard at the top of a wide page, such as to its list. */
  readonly skip?: { readonly href: string; readonly label: string } | undefined
  /** An action at the other end of the heading's line, such as a link that adds an item to the list. */
  readonly beside?: Html | undefined
  /** The same as an API request, from `apiEquivalent`, which stands with those of the sections at the page's end. */
  readonly api?: Html | false | undefined
  /** How many steps of a sign-in or a set-up are completed, as bolts that fill and in words. */
  readonly stepIndicator?: { readonly done: number; readonly of: 2 | 3 } | undefined
  /** A drawing above everything else. */
  readonly above?: Html | undefined
  /** Shown before the heading: an error summary or a banner. */
  readonly notice?: Html | undefined
  /** Whether the page waits for a sign-in and continues when one happens in another tab. */
  readonly waits?: boolean | undefined
  /** Whether the page is shown again because of an error; its title then begins with that. */
  readonly failed?: boolean | undefined
  /** The path to which every browser goes on at once. */
  readonly goesOnTo?: string | undefined
  /** The path to which a browser without scripts goes on at once. */
  readonly withoutScripts?: string | undefined
  /** Scripts that improve the page. */
  readonly modules?: readonly ModuleName[] | undefined
  readonly body: Html
}

/** The document of every page: one `main`, one `h1`, one live region, no inline scripts or styles. */
export function shell(page: Shell): Html {
  const { say, theme = 'system', frame = 'card', person, waits, singleKeys = true, navigation = [] } = page
  return html`<!doctype html>
    <html
      lang="${say.language}"
      ${theme !== 'system' && html`data-theme="${theme}"`}
      ${person && html`data-signed-in`}
      ${waits && html`data-waits`}
    >
      ${documentHead(page)}
      <body class="${frame}">
        ${frame === 'card' ? cardFrame(page) : wideFrame(page)} ${footer(page)}
        <p class="unseen" id="status" role="status"></p>
        ${frame === 'admin' && person && keyboardWords(say, { singleKeys, navigation, permissions: person.permissions })}
      </body>
    </html> `
}

/** The head of every document. `files` are what only this page loads. */
export function documentHead(page: Omit<Shell, 'body'>, files?: Html): Html {
  const { theme = 'system', brand = OWN_BRAND, frame = 'card', goesOnTo, withoutScripts } = page
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${documentTitle(page)}</title>
    ${goesOnTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${goesOnTo}" />`}
    ${withoutScripts !== undefined && html`<noscript><meta http-equiv="refresh" content="0; url=${withoutScripts}" /></noscript>`}
    ${themeColours(brand, theme)}
    <link rel="stylesheet" href="${brand.stylesheet.url}" />
    ${frame !== 'card' && html`<link rel="stylesheet" href="${wideStylesheetUrl}" />`}
    <link rel="icon" type="${brand.icons.tab.type}" href="${brand.icons.tab.url}" />
    ${brand.icons.touch && html`<link rel="apple-touch-icon" href="${brand.icons.touch.url}" />`}
    <link rel="manifest" href="${MANIFEST_PATH}" />
    ${[...allModules(page)].map((name) => html`<script type="module" src="${moduleUrl(name)}"></script>`)} ${files}
  </head>`
}

/** The colour of the browser's own bar: that of the page, in both themes or in the chosen one. */
function themeColours({ ground }: Brand, theme: Theme): Html {
  if (theme !== 'system') return html`<meta name="theme-color" content="${ground[theme]}" />`
  return html`<meta name="theme-color" content="${ground.light}" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="${ground.dark}" media="(prefers-color-scheme: dark)" />`
}

/**
 * Also `menu` and `theme` for the account menu, `theme` for a switch without a path to return to; `keys` for admins; `sections`, which marks the section in sight; `elsewhere`, by which tabs
 * notify waiting tabs of a sign-in.
 */
function allModules(page: Omit<Shell, 'body'>): ReadonlySet<ModuleName> {
  const { modules = [], frame = 'card', person, waits, path, theme, returnPath } = page
  const hasSections = (page.tabs ?? sideOf(page))?.links.some((link) => link.path.startsWith(`${path}#`))
  return new Set<ModuleName>([
    ...modules,
    ...(frame !== 'card' && person ? (['menu', 'theme'] as const) : []),
    ...(frame === 'card' && theme !== undefined && returnPath === undefined ? (['theme'] as const) : []),
    ...(frame === 'admin' && person ? (['keys'] as const) : []),
    ...(hasSections ? (['sections'] as const) : []),
    ...(person || waits ? (['elsewhere'] as const) : []),
  ])
}

function cardFrame(page: Shell): Html {
  return html`<header>${brandLink(page.instanceName, page.brand ?? OWN_BRAND)}</header>
    <main class="card">${mainContent(page)}</main>`
}

function wideFrame(page: Shell): Html {
  const {
    say,
    person,
    instanceName,
    path = '/',
    brand = OWN_BRAND,
    navigation = [],
    theme = 'system',
    returnPath,
    frame,
  } = page
  const side = sideOf(page)
  return html`<a class="skip" href="#main">${say.words.skip}</a>
    ${page.skip && html`<a class="skip" href="${page.skip.href}">${page.skip.label}</a>`}
    ${person && topBar(say, { instanceName, path, brand, navigation, theme, returnPath, hasPalette: frame === 'admin' }, person)}
    <div class="columns">
      ${side && sideNavigation(side, path)}
      <main id="main" class="page" tabindex="-1">${mainContent(page)}</main>
    </div>`
}

function sideOf({ say, frame, path = '/', navigation = [], person }: Omit<Shell, 'body'>): SideNavigation | undefined {
  const area = frame === 'account' ? areaOf(navigation, path) : frame
  // The start page is the only page of its area.
  if (area === undefined || area === 'card' || area === 'apps' || (area === 'admin' && frame !== 'admin'))
    return undefined
  return areaNavigation(say, navigation, area, person?.permissions ?? [])
}

function mainContent(page: Shell): Html {
  const { instanceName, path = '/', title, heading, up, beside, api, standing, above, notice, body } = page
  const { stepIndicator: marks } = page
  const text = heading ?? titleParts(title)[0] ?? instanceName
  const h1 = html`<h1${!isInTypeface(text) && html` class="plain"`}>${text}</h1>`
  const content = html`${up && html`<p class="up"><a href="${up.href}">${withIcon('chevron', up.label)}</a></p>`}
  ${above} ${notice} ${marks && stepIndicator(page.say, marks)}
  ${beside ? html`<div class="lead-in">${h1} ${beside}</div>` : h1} ${ofPart(titleParts(title)[0] ?? instanceName, api)}
  ${standing && html`<div class="lead standing">${standing}</div>`} ${page.tabs && tabs(page.tabs, path)} ${body}`
  return html`${content} ${apiCalls(page.say, endnotesOf(content))}`
}

/** A bolt for each step, filled up to the current one. They are decoration; the words say the same. */
function stepIndicator({ words }: Texts, { done, of }: NonNullable<Shell['stepIndicator']>): Html {
  const bolts = Array.from({ length: of }, (_, at) => html`<span class="bolt${at <= done && ' done'}"></span>`)
  const label = words.stepOf(Math.min(done + 1, of), of)
  return html`<p class="progress"><span class="step-indicator" aria-hidden="true">${bolts}</span>${label}</p>`
}

/** What stands below a page: the theme switch, which wide pages have in the account menu. */
export function footer({ say, theme, frame = 'card', returnPath, person }: Omit<Shell, 'body'>, note?: Html): Html {
  if (theme === undefined || (person && frame !== 'card')) return html`<div class="foot">${note}</div>`
  return html`<footer class="foot">
    ${themeSwitch(say, { theme, returnPath, formToken: person?.formToken })} ${note}
  </footer>`
}

function documentTitle({ say, title, failed, instanceName }: Omit<Shell, 'body'>): string {
  const parts = [...titleParts(title), instanceName].join(' – ')
  return failed ? say.words.errorTitle(parts) : parts
}

function titleParts(title: string | readonly string[]): readonly string[] {
  return typeof title === 'string' ? [title] : title
}
