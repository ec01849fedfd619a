import { copyButton } from './components/copy-field.ts'
import { html } from './html.ts'
import { renderPage } from './page.ts'
import type { Shell } from './shell.ts'
import { texts } from './texts.ts'

export interface ErrorPage extends Omit<Shell, 'say' | 'body' | 'modules'> {
  readonly status: number
  readonly detail: string
  readonly requestId: string
  readonly locale?: string | null
  /** Known for certain, and not said by `detail` already. */
  readonly nothingChanged?: boolean
  /** The page whose form was sent, where opening it again helps. */
  readonly again?: string | undefined
}

const REFERENCE = 'reference'

/** The page that says why a request to a page was not answered, with the id under which the log knows it. */
export function errorPage({ status, detail, requestId, locale, nothingChanged, again, ...page }: ErrorPage): string {
  const say = texts(locale)
  const body = html`<p class="lead">${detail} ${nothingChanged && say.error.nothingChanged}</p>
    ${again && html`<p><a class="button primary" href="${again}">${say.error.again}</a></p>`}
    <p><a href="/">${say.error.home}</a></p>
    <p class="small">
      ${say.error.reference(status)} <code class="reference" id="${REFERENCE}">${requestId}</code>
      ${copyButton(say, REFERENCE)}
    </p>`
  return renderPage({ ...page, locale, modules: ['copy'], body })
}
