import { stylesheet } from './assets.ts'
import { notches } from './components/notches.ts'
import type { Notches } from './components/notches.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Texts } from './texts.ts'

export interface Shell {
  readonly say: Texts
  readonly instanceName: string
  /** From the narrowest to the widest, such as `['Second step', 'Sign in']`; the instance's name is added. */
  readonly title: string | readonly string[]
  /** The one `h1`; the first part of the title when left out. */
  readonly heading?: string | undefined
  /** How much of the sign-in is done. */
  readonly notches?: Notches | undefined
  /** Stands before the heading: an error summary or a banner. */
  readonly notice?: Html | undefined
  /** The page comes back because of what was typed; its title then says so first. */
  readonly failed?: boolean | undefined
  readonly body: Html
}

/** The frame of every page: one `main`, one `h1`, one stylesheet, nothing inline. */
export function shell(page: Shell): Html {
  const { say, instanceName, notice, body } = page
  const heading = page.heading ?? partsOf(page.title)[0] ?? instanceName
  return html`<!doctype html>
    <html lang="${say.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${titleOf(page)}</title>
        <link rel="stylesheet" href="${stylesheet.url}" />
      </head>
      <body>
        <header class="brand"><a href="/">${instanceName}</a></header>
        <main class="card">
          ${page.notches && notches(page.notches)} ${notice}
          <h1>${heading}</h1>
          ${body}
        </main>
      </body>
    </html> `
}

function titleOf({ say, title, failed, instanceName }: Shell): string {
  const parts = [...partsOf(title), instanceName].join(' – ')
  return failed ? say.errorTitle(parts) : parts
}

function partsOf(title: string | readonly string[]): readonly string[] {
  return typeof title === 'string' ? [title] : title
}
