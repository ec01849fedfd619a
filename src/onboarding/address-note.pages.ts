import type { FastifyRequest } from 'fastify'

import { variableOf } from '../platform/config/setting.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import type { Texts } from '../web/texts.ts'

/** Under which address the server believes to be reached; and where the browser used another, the setting that changes it. */
export function addressNote({ setup }: Texts, { ctx, host }: FastifyRequest): Html {
  const { publicUrl } = ctx.config
  const { protocol, host: expected } = new URL(publicUrl)
  if (host.toLowerCase() === expected) return html`<p class="small">${setup.address(publicUrl)}</p>`
  // Which protocol the browser used is not known behind a proxy; most likely the one that was configured.
  const here = `${protocol}//${host}`
  return html`<div class="small">
    <p>${setup.otherAddress(publicUrl, here)}</p>
    <code class="command">${variableOf('public_url')}=<wbr />${here}</code>
  </div>`
}
