import { moduleUrl } from '../http/assets.ts'
import type { ModuleName } from '../http/assets.ts'
import { OWN_BRAND } from '../http/brand.ts'
import type { Brand } from '../http/brand.ts'
import { brandLink } from '../components/brand.ts'
import { stepIndicator } from '../components/step-indicator.ts'
import type { StepIndicator } from '../components/step-indicator.ts'
import { themeSwitch } from '../components/theme-switch.ts'
import { sideNavigation, topBar } from '../components/navigation.ts'
import type { Person } from '../components/navigation.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import type { Theme } from '../http/theme.ts'

/** One narrow card for whoever signs in; the pages of one's account; those of administration. */
export type Frame = 'card' | 'account' | 'admin'

export interface Shell {
  readonly say: Texts
  readonly instanceName: string
  /** The server's own colours and logo. */
  readonly brand?: Brand | undefined
  readonly theme?: Theme | undefined
  /** The path of this page, which the navigation marks. */
  readonly path?: string | undefined
  /** Where the theme switch leads back to; without one there is no switch. */
  readonly place?: string | undefined
  /** From the narrowest to the widest, such as `['Second step', 'Sign in']`; the instance's name is added. */
  readonly title: string | readonly string[]
  /** The one `h1`; the first part of the title when left out. */
  readonly heading?: string | Html | undefined
  readonly frame?: Frame | undefined
  /** Who is signed in; needed by every frame but the card. */
  readonly person?: Person | undefined
  /** What a list is begun with, at the other end of the heading's line. */
  readonly beside?: Html | undefined
  /** How much of the sign-in is done. */
  readonly stepIndicator?: StepIndicator | undefined
  /** Stands before the heading: an error summary or a banner. */
  readonly notice?: Html | undefined
  /** The page waits for somebody to sign in, and goes on when that happens in another tab. */
  readonly waits?: boolean | undefined
  /** The page comes back because of what was typed; its title then says so first. */
  readonly failed?: boolean | undefined
  /** Browser modules without which the page works too. */
  readonly modules?: readonly ModuleName[] | undefined
  readonly body: Html
}

/** The frame of every page: one `main`, one `h1`, one stylesheet, one live region, nothing inline. */
export function shell(page: Shell): Html {
  const { say, theme = 'system', frame = 'card', brand = OWN_BRAND, person, waits } = page
  return html`<!doctype html>
    <html
      lang="${say.language}"
      ${theme !== 'system' && html`data-theme="${theme}"`}
      ${person && html`data-signed-in`}
      ${waits && html`data-waits`}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${titleOf(page)}</title>
        <link rel="stylesheet" href="${brand.stylesheet.url}" />
        ${modulesOf(page).map((name) => html`<script type="module" src="${moduleUrl(name)}"></script>`)}
      </head>
      <body class="${frame}">
        ${frame === 'card' ? cardFrame(page) : wideFrame(page)} ${footOf(page)}
        <p class="unseen" id="status" role="status"></p>
      </body>
    </html> `
}

/** Tabs that wait and tabs that can tell them listen to each other. */
function modulesOf({ modules = [], person, waits }: Shell): readonly ModuleName[] {
  return person || waits ? [...modules, 'elsewhere'] : modules
}

function cardFrame(page: Shell): Html {
  return html`<header>${brandLink(page.instanceName, page.brand ?? OWN_BRAND)}</header>
    <main class="card">${mainOf(page)}</main>`
}

function wideFrame(page: Shell): Html {
  const { say, frame, person, instanceName, path = '/', brand = OWN_BRAND } = page
  return html`<a class="skip" href="#main">${say.words.skip}</a>
    ${person && topBar(say, { instanceName, path, brand }, person)}
    <div class="columns">
      ${frame === 'admin' && sideNavigation(say, path)}
      <main id="main" class="page" tabindex="-1">${mainOf(page)}</main>
    </div>`
}

function mainOf({ instanceName, title, heading, beside, stepIndicator: marks, notice, body }: Shell): Html {
  const h1 = html`<h1>${heading ?? partsOf(title)[0] ?? instanceName}</h1>`
  return html`${notice} ${marks && stepIndicator(marks)}
  ${beside ? html`<div class="lead-in">${h1} ${beside}</div>` : h1} ${body}`
}

function footOf({ say, theme = 'system', place, person }: Shell): Html {
  if (place === undefined) return html`<div class="foot"></div>`
  return html`<footer class="foot">${themeSwitch(say, { theme, place, formToken: person?.formToken })}</footer>`
}

function titleOf({ say, title, failed, instanceName }: Shell): string {
  const parts = [...partsOf(title), instanceName].join(' – ')
  return failed ? say.words.errorTitle(parts) : parts
}

function partsOf(title: string | readonly string[]): readonly string[] {
  return typeof title === 'string' ? [title] : title
}
