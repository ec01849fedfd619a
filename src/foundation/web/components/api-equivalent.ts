import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Endnote, endnotes, endnotesOf, type Html, html } from '../html.ts'
import { jsonText } from '../http/json.ts'
import { withIcon } from './icon.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  /** A file that is the body. */
  readonly file?: { readonly name: string; readonly type: string }
  /**
   * Whether the request is refused to API tokens: it needs a recent authentication or a session, or acts on a user with permissions, all of
   * which no token has.
   */
  readonly needsSession?: boolean
}

/**
 * The action of a page or section as a command for a terminal, which the page shows at its end. The command works unchanged once the variable
 * `TOKEN` contains an API token, or `SESSION` the access token of a sign-in where API tokens are refused.
 */
export function apiEquivalent({ words }: Texts, { publicUrl }: Pick<Config, 'publicUrl'>, request: ApiRequest): Html {
  const hint = request.needsSession ? words.sameWithASessionHint : words.sameWithTheApiHint
  return endnotes([{ hint, content: html`<pre><code class="command">${curlFor(publicUrl, request)}</code></pre>` }])
}

/** The commands of a part of a page under the title of that part. */
export function ofPart(title: string, api: Html | false | undefined): Html {
  return endnotes(endnotesOf(api).map((note) => ({ ...note, title })))
}

/** The commands of a page behind one button at its end, under the names of its parts where there are several. */
export function apiCalls({ words }: Texts, calls: readonly Endnote[]): Html | undefined {
  if (calls.length === 0) return
  return html`<details class="api">
    <summary>${withIcon('code', words.apiEquivalent(calls.length))}</summary>
    ${[...Map.groupBy(calls, ({ hint }) => hint)].map(
      ([hint, own]) =>
        html`<p class="hint">${hint}</p>
          ${own.map(({ title, content }) => html`${calls.length > 1 && html`<h2>${title}</h2>`} ${content}`)}`,
    )}
  </details>`
}

/** The request as a curl command. The token comes from a variable, so that the shell history does not contain it. */
export function curlFor(publicUrl: string, { method, path, body, file, needsSession = false }: ApiRequest): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(publicUrl + path)}`,
    `-H "Authorization: Bearer $${needsSession ? 'SESSION' : 'TOKEN'}"`,
    // Only flags that every curl has: `--json` exists since 2022.
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(jsonText(body))}`]),
    ...(file === undefined ? [] : [`-H 'Content-Type: ${file.type}'`, `--data-binary @${file.name}`]),
  ]
  return lines.join(' \\\n  ')
}

/** Quotes a text for a POSIX shell, in which single quotes remove every special meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
