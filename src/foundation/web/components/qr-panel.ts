import type { Secret } from '../../kernel/secret.ts'
import { html, inlineSvg } from '../html.ts'
import type { Html } from '../html.ts'

/** A QR code, dark on white in every theme because cameras need it so; `label` says what else to do without a camera. */
export function qrPanel({ drawing, label }: { drawing: Secret; label: string }): Html {
  return html`<div class="qr" role="img" aria-label="${label}">${inlineSvg(drawing)}</div>`
}
