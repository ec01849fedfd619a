import { html } from './html.ts'
import { renderPage } from './page.ts'
import type { Shell } from './shell.ts'
import { texts } from './texts.ts'

export interface ErrorPage extends Pick<Shell, 'title' | 'theme' | 'path' | 'person' | 'instanceName'> {
  readonly status: number
  readonly detail: string
  readonly requestId: string
  readonly locale?: string | null
}

/** The page that says why a request to a page was not answered, with the id under which the log knows it. */
export function errorPage({ status, detail, requestId, locale, ...page }: ErrorPage): string {
  const say = texts(locale)
  const body = html`<p class="lead">${detail}</p>
    <p><a href="/">${say.error.home}</a></p>
    <p class="small">${say.error.reference(status)} <code class="reference">${requestId}</code></p>`
  return renderPage({ ...page, locale, body })
}
