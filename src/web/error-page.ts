import { primaryLink } from './components/button.ts'
import { copyButton } from './components/copy-field.ts'
import { referenceLine } from './components/reference.ts'
import { html } from './html.ts'
import { renderPage } from './page.ts'
import type { Shell } from './shell.ts'
import { texts } from './texts.ts'

export interface ErrorPage extends Omit<Shell, 'say' | 'body' | 'modules'> {
  readonly status: number
  readonly detail: string
  readonly requestId: string
  /** By what an admin finds out why it was refused. */
  readonly refusalId?: string | undefined
  readonly locale?: string | null
  /** Known for certain, and not said by `detail` already. */
  readonly nothingChanged?: boolean
  /** The page whose form was sent, where opening it again helps. */
  readonly again?: string | undefined
}

const REFERENCE = 'reference'

/** The page that says why a request to a page was not answered, with the id under which the log knows it. */
export function errorPage({
  status,
  detail,
  requestId,
  refusalId,
  locale,
  nothingChanged,
  again,
  ...page
}: ErrorPage): string {
  const say = texts(locale)
  const body = html`<p class="lead">${detail} ${nothingChanged && say.error.nothingChanged}</p>
    ${again && html`<p>${primaryLink(again, say.error.again)}</p>`}
    <p><a href="/">${say.error.home}</a></p>
    <p class="small">
      ${say.error.reference(status)} <code class="reference" id="${REFERENCE}">${requestId}</code>
      ${copyButton(say, REFERENCE)}
    </p>
    ${refusalId && referenceLine(say, refusalId)}`
  return renderPage({ ...page, locale, modules: ['copy'], body })
}
