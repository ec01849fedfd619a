import type { Config } from '../../platform/config/types.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { jsonText } from '../http/json.ts'
import type { Texts } from '../../texts/texts.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** What a screen does, as a command for a terminal: it works as it stands once `TOKEN` holds an access token. */
export function apiEquivalent(say: Texts, { publicUrl }: Pick<Config, 'publicUrl'>, request: ApiRequest): Html {
  return html`<details class="api">
    <summary>${say.words.apiEquivalent}</summary>
    <p class="hint">${say.words.sameWithTheApiHint}</p>
    <pre><code class="command">${curlFor(publicUrl, request)}</code></pre>
  </details>`
}

/** The request as a command; the token comes from the variable `TOKEN`, so that no history keeps it. */
export function curlFor(publicUrl: string, { method, path, body }: ApiRequest): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(publicUrl + path)}`,
    `-H "Authorization: Bearer $TOKEN"`,
    // In flags that every curl has: `--json` is from 2022.
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(jsonText(body))}`]),
  ]
  return lines.join(' \\\n  ')
}

/** For a POSIX shell: nothing in single quotes means anything but itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
