// The page of a link that does not work: why, and what to do instead.
import type { FastifyReply } from 'fastify'

import type { Refusal, RefusalCode } from '#foundation/kernel/refusal.ts'
import { lineDrawing } from '../components/drawing.ts'
import { type Html, html } from '../html.ts'
import { sendPage } from './page.ts'

type Reason = readonly [heading: string, sentence: string | Html]

interface RefusedLink {
  /** What is said about each code. The reason of `link.unknown` stands for every code about the link that has none of its own. */
  readonly words: Readonly<Partial<Record<RefusalCode, Reason>>> & { readonly 'link.unknown': Reason }
  /** What the link was for, behind the heading in the title of the document. */
  readonly purpose?: string
  /** Links to what works instead. */
  readonly instead: Html
}

/** Shows why the link does not work. Throws every refusal that is not about the link and has no words. */
export function sendRefusedLink(
  reply: FastifyReply,
  refusal: Refusal,
  { words, purpose, instead }: RefusedLink,
): FastifyReply {
  const { code } = refusal
  const found = words[code] ?? (code.startsWith('link.') ? words['link.unknown'] : undefined)
  if (found === undefined) throw refusal
  const [heading, sentence] = found
  return sendPage(reply, {
    title: purpose === undefined ? heading : [heading, purpose],
    refusal,
    above: lineDrawing('letter'),
    body: html`<p class="lead">${sentence}</p>
      ${instead}`,
  })
}
