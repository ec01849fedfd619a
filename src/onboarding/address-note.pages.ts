import type { FastifyRequest } from 'fastify'

import { variableOf } from '../platform/config/setting.ts'
import { copyField } from '../web/components/copy-field.ts'
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
  return html`<p class="small">${setup.otherAddress(publicUrl, here)}</p>
    ${copyField({ id: 'setting', label: variableOf('public_url'), groups: [here] })}`
}
