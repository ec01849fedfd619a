import { texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow, primaryLink } from '../components/button.ts'
import { referenceLine, requestIdLine } from '../components/copy.ts'
import { type LineDrawing, lineDrawing } from '../components/drawing.ts'
import { areaOf } from '../components/navigation-entries.ts'
import { html } from '../html.ts'
import { renderPage } from './page.ts'
import type { Frame, Shell } from './shell.ts'

export interface ErrorPage extends Omit<Shell, 'say' | 'body' | 'modules' | 'frame'> {
  readonly detail: string
  /** By default the open door. */
  readonly drawing?: LineDrawing | undefined
  readonly requestId: string
  /** The id of the audit event by which an admin finds the reason of the refusal. */
  readonly refusalId?: string | undefined
  readonly locale?: string | null
  /** Set if it is certain that nothing was changed and `detail` does not say so. */
  readonly nothingChanged?: boolean
  /** The path of the page whose form was submitted, if opening it again helps. */
  readonly again?: string | undefined
  /** The path of the list to which `detail` leads back. */
  readonly list?: string | undefined
}

/** The page for an error, with the id of the request in the log. */
export function errorPage(error: ErrorPage): string {
  const { detail, drawing = 'ajar', requestId, refusalId, locale, nothingChanged, again, list, ...page } = error
  const say = texts(locale)
  const onward = list === undefined ? again && primaryLink(again, say.error.again) : primaryLink(list, say.error.list)
  const body = html`<p class="lead">${detail}</p>
    ${nothingChanged && html`<p>${say.error.nothingChanged}</p>`}
    ${
      onward ? longButtonRow(onward, linkButton('/', say.error.home)) : html`<p>${primaryLink('/', say.error.home)}</p>`
    }
    ${refusalId === undefined ? requestIdLine(say, requestId) : referenceLine(say, refusalId)}`
  return renderPage({ ...page, frame: frameFor(page), locale, modules: ['copy'], above: lineDrawing(drawing), body })
}

/** A signed-in user keeps the navigation, which shows the refused account and leads to other pages. */
function frameFor({ person, navigation = [], path = '/' }: Pick<Shell, 'person' | 'navigation' | 'path'>): Frame {
  if (person === undefined) return 'card'
  return person.permissions.length > 0 && areaOf(navigation, path) === 'admin' ? 'admin' : 'account'
}
