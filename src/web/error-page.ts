import { html } from './html.ts'
import { renderPage } from './page.ts'
import { texts } from './texts.ts'

export interface ErrorPage {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly requestId: string
  readonly instanceName: string
  readonly locale?: string | null
}

/** The page that says why a request to a page was not answered, with the id under which the log knows it. */
export function errorPage({ status, title, detail, requestId, instanceName, locale }: ErrorPage): string {
  const say = texts(locale)
  const body = html`<p class="lead">${detail}</p>
    <p><a href="/">${say.error.home}</a></p>
    <p class="small">${say.error.reference(status)} <code class="reference">${requestId}</code></p>`
  return renderPage({ instanceName, locale, title, body })
}
