// Shows the Markdown of the API's description as HTML: of all that Markdown has, what the description uses.
import { type Html, html } from '#foundation/web/html.ts'

/** Paragraphs and numbered lists, each separated by an empty line. */
export function markdown(text: string): Html {
  return html`${text
    .trim()
    .split(/\n{2,}/)
    .map(block)}`
}

function block(text: string): Html {
  if (!/^\d+\. /.test(text)) return html`<p>${inline(text)}</p>`
  const items = text.split(/\n(?=\d+\. )/).map((item) => item.replace(/^\d+\. /, ''))
  return html`<ol>
    ${items.map((item) => html`<li>${inline(item)}</li>`)}
  </ol>`
}

const MARKS = /`(?<code>[^`]+)`|\*\*(?<strong>.+?)\*\*|\*(?<em>[^*]+)\*|\[(?<label>[^\]]+)\]\((?<path>\/[^)\s]*)\)/gs

function inline(text: string): Html {
  const parts: Html[] = []
  let end = 0
  for (const { 0: whole, index, groups = {} } of text.matchAll(MARKS)) {
    parts.push(html`${text.slice(end, index)}${marked(groups)}`)
    end = index + whole.length
  }
  return html`${parts}${text.slice(end)}`
}

function marked({ code, strong, em, label = '', path = '' }: Readonly<Record<string, string | undefined>>): Html {
  if (code !== undefined) return html`<code>${code}</code>`
  if (strong !== undefined) return html`<strong>${inline(strong)}</strong>`
  if (em !== undefined) return html`<em>${em}</em>`
  return html`<a href="${path}">${label}</a>`
}
