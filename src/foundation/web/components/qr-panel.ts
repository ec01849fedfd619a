import type { Secret } from '../../kernel/secret.ts'
import { html, inlineSvg } from '../html.ts'
import type { Html } from '../html.ts'

/** A QR code, dark on white in every theme, because cameras need that. `label` names the alternative without a camera. */
export function qrPanel({ drawing, label }: { drawing: Secret; label: string }): Html {
  return html`<div class="qr" role="img" aria-label="${label}">${inlineSvg(drawing)}</div>`
}
