import { primaryLink } from '../components/button.ts'
import { referenceLine, requestIdLine } from '../components/reference.ts'
import { html } from '../html.ts'
import { renderPage } from './page.ts'
import type { Frame, Shell } from './shell.ts'
import { texts } from '../../texts/texts.ts'

export interface ErrorPage extends Omit<Shell, 'say' | 'body' | 'modules' | 'frame'> {
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

/** The page that says why a request to a page was not answered, with the id under which the log knows it. */
export function errorPage({ detail, requestId, refusalId, locale, nothingChanged, again, ...page }: ErrorPage): string {
  const say = texts(locale)
  const body = html`<p class="lead">${detail}</p>
    ${nothingChanged && html`<p>${say.error.nothingChanged}</p>`}
    ${again && html`<p>${primaryLink(again, say.error.again)}</p>`}
    <p><a href="/">${say.error.home}</a></p>
    ${refusalId === undefined ? requestIdLine(say, requestId) : referenceLine(say, refusalId)}`
  return renderPage({ ...page, frame: frameFor(page), locale, modules: ['copy'], body })
}

/** Whoever is signed in keeps the bar: it says which account was refused, and leads on. */
function frameFor({ person, path = '/' }: Pick<Shell, 'person' | 'path'>): Frame {
  if (person === undefined) return 'card'
  return person.isAdmin && path.startsWith('/admin') ? 'admin' : 'account'
}
